package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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

  @Test
  void theWireHasLittleMoreThanFourBytesAValue() throws IOException {
    assertThat(serialised(new float[10_000]).length)
        .isBetween((int) FloatVector.bytes(10_000), 40_300);
  }

  private static int[] bits(float[] values) {
    return IntStream.range(0, values.length).map(i -> Float.floatToRawIntBits(values[i])).toArray();
  }

  private static float[] roundTrip(float[] values) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(serialised(values)))) {
      return ((FloatVector) in.readObject()).values();
    }
  }

  private static byte[] serialised(float[] values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new FloatVector(values));
    }
    return bytes.toByteArray();
  }
}
