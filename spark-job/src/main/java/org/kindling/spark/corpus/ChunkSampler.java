package org.kindling.spark.corpus;

/**
 * Which chunk a sequence of a step is: a pure function, so that no executor, retry or resume can
 * draw another one.
 *
 * <p>The three numbers go through SplitMix64's output function one after the other (G. L. Steele,
 * D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, with the
 * constants that D. Stafford calls Mix13).
 */
public final class ChunkSampler {
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
  public static long ordinal(long seed, long step, int sequence, long starts) {
    long hash = mix(mix(mix(seed + GOLDEN) + step * GOLDEN) + (sequence + 1) * GOLDEN);
    // The upper 63 bits as a fraction of 1, times starts; cheaper and less biased than a remainder.
    return Math.multiplyHigh(hash >>> 1, starts << 1);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
