package org.kindling.spark.tensorboard;

/**
 * How many values lie where: buckets of one width from the smallest value to the largest, as
 * TensorFlow 2 makes them.
 *
 * @param min smallest value
 * @param max largest value
 * @param sum of the values
 * @param sumOfSquares of the values
 * @param limits upper ends of the buckets, rising; the first bucket begins at {@code min}
 * @param counts values in each
 */
record Histogram(
    double min, double max, double sum, double sumOfSquares, double[] limits, double[] counts) {
  static final int BUCKETS = 30;

  /** To either side of values that are all the same. */
  private static final double NARROW = 0.01;

  /**
   * The histogram of {@code values[from]} up to but without {@code values[to]}, of which there is
   * at least one; all are finite. Equal values are one narrow bucket around them.
   */
  static Histogram of(float[] values, int from, int to) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    double squares = 0;
    for (int i = from; i < to; i++) {
      double value = values[i];
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
      squares += value * value;
    }
    if (min == max) {
      double end = max + NARROW;
      return new Histogram(
          min - NARROW, end, sum, squares, new double[] {end}, new double[] {to - from});
    }
    double[] limits = new double[BUCKETS];
    double width = (max - min) / BUCKETS;
    for (int i = 0; i < BUCKETS; i++) {
      limits[i] = i == BUCKETS - 1 ? max : min + (i + 1) * width;
    }
    double[] counts = new double[BUCKETS];
    for (int i = from; i < to; i++) {
      counts[Math.min(BUCKETS - 1, (int) ((values[i] - min) / width))]++;
    }
    return new Histogram(min, max, sum, squares, limits, counts);
  }

  double count() {
    double all = 0;
    for (double count : counts) {
      all += count;
    }
    return all;
  }
}
