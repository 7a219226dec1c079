package org.kindling.spark.training;

/**
 * Floats whose lower 16 bits are 0. Rounding is to nearest, ties to even; what is beyond the
 * largest becomes infinite, and no number becomes one from NaN.
 */
final class Bfloat16 {
  private Bfloat16() {}

  /** The upper 16 bits of the nearest one. */
  static short bits(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40); // quiet, and not infinity when only low bits were set
    }
    int tiesToEven = 0x7fff + (bits >>> 16 & 1);
    return (short) (bits + tiesToEven >>> 16);
  }

  /** The float with these upper bits. */
  static float value(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Rounds all of {@code from} into {@code to}, which may be the same array. */
  static void round(float[] from, float[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] = value(bits(from[i]));
    }
  }
}
