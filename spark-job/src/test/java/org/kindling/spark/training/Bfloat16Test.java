package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Bfloat16Test {

  /** Against exact arithmetic: no other float of 16 bits is nearer, and a tie goes to even. */
  @Test
  void theNearestIsTaken() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (i % 3 == 0) { // a tie, or its neighbours
        int bits = Float.floatToRawIntBits(value);
        value = Float.intBitsToFloat((bits & 0xffff0000) + 0x8000 + i % 9 / 3 - 1);
      }
      if (Math.abs(value) < 3e38f) {
        requireNearest(value, Bfloat16.bits(value));
      }
    }
  }

  private static void requireNearest(float value, short bits) {
    BigDecimal error = distance(value, bits);
    for (short other : new short[] {(short) (bits - 1), (short) (bits + 1)}) {
      if (Float.isFinite(Bfloat16.value(other))
          && Math.signum(Bfloat16.value(other)) * Math.signum(value) >= 0) {
        int nearer = distance(value, other).compareTo(error);
        assertThat(nearer).as("%s", value).isNotNegative();
        if (nearer == 0) {
          assertThat(bits & 1).as("a tie: %s", value).isZero();
        }
      }
    }
  }

  private static BigDecimal distance(float value, short bits) {
    return new BigDecimal(value).subtract(new BigDecimal(Bfloat16.value(bits))).abs();
  }

  @Test
  void whatIsNoNumberStaysNone() {
    assertThat(Bfloat16.value(Bfloat16.bits(Float.intBitsToFloat(0x7f800001)))).isNaN();
    assertThat(Bfloat16.value(Bfloat16.bits(Float.intBitsToFloat(0xffffffff)))).isNaN();
    assertThat(Bfloat16.value(Bfloat16.bits(Float.NEGATIVE_INFINITY)))
        .isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Bfloat16.value(Bfloat16.bits(Float.MAX_VALUE))).isEqualTo(Float.POSITIVE_INFINITY);
  }
}
