package org.kindling.model.kernels;

import java.util.Arrays;

/**
 * The counter-based generator of dropout masks: value {@code i} of a key's stretch is a hash of
 * (key, i), so any stretch can be drawn anew in any order.
 *
 * <p>The hash is "lowbias32" (Chris Wellons, "Prospecting for Hash Functions", 2018), keyed before
 * and between its rounds. Its operations are 32-bit integer ones without branches, which is what
 * lets the JIT compiler turn the loop into vector code.
 */
final class DropoutBits {
  /** 2^32 divided by the golden ratio. */
  private static final int GOLDEN = 0x9E3779B9;

  /**
   * 4 i GOLDEN for i from 0. From a table, because the compiler does not make vectors of the loop's
   * own counter; a block of it stays in the first-level cache.
   */
  private static final int[] COUNTERS = new int[1024];

  static {
    Arrays.setAll(COUNTERS, i -> (i << 2) * GOLDEN);
  }

  private final int[] block = new int[COUNTERS.length];
  private final int[] packed;
  private final int threshold;

  /** Bits for stretches of that length. */
  DropoutBits(int length, double probability) {
    this.packed = new int[(length + 3) / 4];
    this.threshold = (int) Math.round(probability * (1 << 24));
  }

  /**
   * Values 4i to 4i + 3 as the bytes of element i, the first in the lowest byte; 1 is kept, 0
   * dropped.
   *
   * <p>Each block takes four passes, which shift one byte in: the compiler makes vectors of small
   * loop bodies only, and only where an array is indexed by the loop's counter alone.
   *
   * @return an array that the next call overwrites
   */
  int[] draw(long key) {
    int low = (int) key;
    int high = (int) (key >>> 32);
    for (int from = 0; from < packed.length; from += block.length) {
      int first = low + (from << 2) * GOLDEN;
      for (int value = 3; value >= 0; value--) {
        shiftIn(block, COUNTERS, first + value * GOLDEN, high, threshold);
      }
      System.arraycopy(block, 0, packed, from, Math.min(block.length, packed.length - from));
    }
    return packed;
  }

  private static void shiftIn(int[] block, int[] counters, int first, int high, int threshold) {
    for (int i = 0; i < block.length; i++) {
      block[i] = block[i] << 8 | kept(counters[i] + first, high, threshold);
    }
  }

  /** 1 where the value with this counter is kept, 0 where it is dropped. */
  private static int kept(int counter, int high, int threshold) {
    int h = counter;
    h ^= h >>> 16;
    h *= 0x7feb352d;
    h ^= (h >>> 15) ^ high;
    h *= 0x846ca68b;
    h ^= h >>> 16;
    return (threshold - 1 - (h >>> 8)) >>> 31;
  }
}
