package org.kindling.spark.training;

import org.kindling.model.CounterHash;

/**
 * Which chunk a sequence of a step is: a pure function, so that no executor, retry or resume can
 * draw another one. The three numbers go through {@link CounterHash#finish} one after the other;
 * {@link CounterHash#of} joins them in another way, and runs depend on this one.
 */
final class ChunkSampler {
  /** 2^64 divided by the golden ratio, as in SplitMix64. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private ChunkSampler() {}

  /**
   * Draws a chunk.
   *
   * @param step the optimiser step
   * @param sequence the sequence's number in the whole batch, 0 to B-1
   * @param starts how many chunks there are, 1 to 2^61
   * @return 0 to {@code starts - 1}, each as likely as any other to one part in 2^63 / starts
   */
  static long ordinal(long seed, long step, int sequence, long starts) {
    long drawn = CounterHash.finish(CounterHash.finish(seed + GOLDEN) + step * GOLDEN);
    long hash = CounterHash.finish(drawn + (sequence + 1) * GOLDEN);
    // The upper 63 bits as a fraction of 1, times starts; cheaper and less biased than a remainder.
    return Math.multiplyHigh(hash >>> 1, starts << 1);
  }
}
