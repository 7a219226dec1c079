package org.kindling.model.kernels;

/**
 * The counter-based generator of dropout masks: value {@code i} of a key's stretch is a hash of (key, i), so any stretch can be
 * drawn anew in any order.
 *
 * <p>The hash is "lowbias32" (Chris Wellons, "Prospecting for Hash Functions", 2018), keyed before and between its rounds. Its
 * operations are 32-bit integer ones without branches, which is what lets the JIT compiler turn the loop into vector code.
 */
final class DropoutBits {
  private static final int GOLDEN = 0x9E3779B9;

  private DropoutBits() {}

  /** A probability as a threshold for the hash's upper 24 bits. */
  static int threshold(double probability) {
    return (int) Math.round(probability * (1 << 24));
  }

  /** 1 where value {@code i} is kept, 0 where it is dropped. */
  static int kept(int low, int high, int threshold, int i) {
    int h = i * GOLDEN + low;
    h ^= h >>> 16;
    h *= 0x7feb352d;
    h ^= (h >>> 15) ^ high;
    h *= 0x846ca68b;
    h ^= h >>> 16;
    return (threshold - 1 - (h >>> 8)) >>> 31;
  }

  /** Values 4i to 4i + 3 as the bytes of {@code packed[i]}, the first in the lowest byte. */
  static void fill(int[] packed, long key, int threshold) {
    int low = (int) key;
    int high = (int) (key >>> 32);
    for (int i = 0; i < packed.length; i++) {
      int at = i << 2;
      packed[i] =
          kept(low, high, threshold, at)
              | kept(low, high, threshold, at + 1) << 8
              | kept(low, high, threshold, at + 2) << 16
              | kept(low, high, threshold, at + 3) << 24;
    }
  }
}
