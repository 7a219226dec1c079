package org.kindling.model.benchmark;

import java.util.Arrays;

/** What rounds on a shared machine are judged by: a disturbed one does not move it. */
final class Median {
  private Median() {}

  static double of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
