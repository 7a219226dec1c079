package org.kindling.model;

/**
 * Hashes in place of random generators: a draw that is a pure function of (seed, step, index, ...)
 * comes out the same on any machine, in any order, after any retry.
 */
public final class CounterHash {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private CounterHash() {}

  /** A well-mixed function of the values and their order. */
  public static long of(long first, long... others) {
    long hash = finish(first + GOLDEN);
    for (long other : others) {
      hash = finish((hash ^ other) + GOLDEN);
    }
    return hash;
  }

  /** A hash as a number in [0, 1), of 53 bits. */
  public static double unit(long hash) {
    return (hash >>> 11) * 0x1.0p-53;
  }

  /** SplitMix64's finaliser (Steele, Lea and Flood, OOPSLA 2014; constants by David Stafford). */
  public static long finish(long x) {
    long z = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
