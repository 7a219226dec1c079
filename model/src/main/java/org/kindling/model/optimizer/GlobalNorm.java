package org.kindling.model.optimizer;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The Euclidean norm of a whole gradient, the same to the bit on any number of threads. */
public final class GlobalNorm {
  /** Part of the result: another size would round otherwise. */
  private static final int PIECE = 1 << 15;

  private GlobalNorm() {}

  /** sqrt of the sum of squares, in double precision; not finite if a value is not. */
  public static double of(float[] gradient) {
    int pieces = (gradient.length + PIECE - 1) / PIECE;
    double[] sums = new double[pieces];
    IntStream.range(0, pieces).parallel().forEach(p -> sums[p] = squares(gradient, p * PIECE));
    return Math.sqrt(Arrays.stream(sums).reduce(0, Double::sum));
  }

  /** Four sums side by side, since each addition would wait for the one before it. */
  private static double squares(float[] x, int from) {
    int to = Math.min(x.length, from + PIECE);
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += (double) x[i] * x[i];
      b += (double) x[i + 1] * x[i + 1];
      c += (double) x[i + 2] * x[i + 2];
      d += (double) x[i + 3] * x[i + 3];
    }
    for (; i < to; i++) {
      a += (double) x[i] * x[i];
    }
    return (a + b) + (c + d);
  }
}
