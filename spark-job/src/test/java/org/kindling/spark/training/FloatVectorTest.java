package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kindling.spark.settings.WireType;

class FloatVectorTest {

  @Test
  void everyBitArrives() throws Exception {
    float[] values = {
      0f,
      -0f,
      1.5f,
      Float.MIN_VALUE,
      Float.MAX_VALUE,
      Float.NaN,
      Float.intBitsToFloat(0x7fc12345), // a NaN with a payload
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY
    };

    assertThat(bits(roundTrip(values))).isEqualTo(bits(values));
    assertThat(roundTrip(new float[0])).isEmpty();
  }

  /** More than one piece, and a part of an array. */
  @Test
  void aSliceArrivesAsAVectorOfItsOwn() throws Exception {
    float[] values = new float[(2 << 20) + 7];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    FloatVector slice =
        new FloatVector(values, WireType.F32).slice(5, values.length).slice(1, 3 + (1 << 20));

    float[] arrived = roundTrip(slice);

    assertThat(arrived).hasSize(2 + (1 << 20));
    // Not containsExactly, which takes a minute for a million.
    assertThat(Arrays.equals(arrived, slice.values())).isTrue();
    assertThat(arrived[0]).isEqualTo(6f);
    assertThat(arrived[arrived.length - 1]).isEqualTo((1 << 20) + 7f);
  }

  @Test
  void sixteenBitsArriveRounded() throws Exception {
    float[] values = {1f, 1.00390625f, 1.01171875f, 3.4e38f, -0f, 1e-42f};

    assertThat(roundTrip(new FloatVector(values, WireType.BF16)))
        .as("a tie goes to even, the largest floats to infinity")
        .containsExactly(
            1f, 1f, 1.015625f, Float.POSITIVE_INFINITY, -0f, Float.intBitsToFloat(0x00000000));
  }

  @Test
  void theWireHasLittleMoreThanTheBytesOfItsValues() throws IOException {
    for (WireType wire : WireType.values()) {
      FloatVector vector = new FloatVector(new float[10_000], wire);
      assertThat(vector.bytes()).isEqualTo(wire == WireType.F32 ? 40_000 : 20_000);
      assertThat((long) serialised(vector).length).isBetween(vector.bytes(), vector.bytes() + 400);
    }
  }

  private static int[] bits(float[] values) {
    return IntStream.range(0, values.length).map(i -> Float.floatToRawIntBits(values[i])).toArray();
  }

  private static float[] roundTrip(float[] values) throws IOException, ClassNotFoundException {
    return roundTrip(new FloatVector(values, WireType.F32));
  }

  private static float[] roundTrip(FloatVector vector) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(serialised(vector)))) {
      return ((FloatVector) in.readObject()).values();
    }
  }

  private static byte[] serialised(FloatVector vector) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(vector);
    }
    return bytes.toByteArray();
  }
}
