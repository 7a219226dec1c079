package org.kindling.spark.corpus;

/** Cuts a number of things into parts whose sizes differ by one at most. */
final class EvenSplit {

  private EvenSplit() {}

  /**
   * Where a part begins: floor(part * total / parts), without overflow.
   *
   * @param part 0 to {@code parts}
   * @param parts at most 2^31
   */
  static long boundary(long total, long part, long parts) {
    return total / parts * part + total % parts * part / parts;
  }
}
