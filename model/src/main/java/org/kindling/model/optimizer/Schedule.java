package org.kindling.model.optimizer;

/** The learning rate as a function of the step. */
public sealed interface Schedule {
  /** The rate of step {@code step}, counted from 0. */
  double at(long step);

  /** The same rate throughout, after a linear warm-up. */
  record Constant(double rate, int warmup) implements Schedule {
    @Override
    public double at(long step) {
      return step < warmup ? warmUp(rate, warmup, step) : rate;
    }
  }

  /**
   * Linear warm-up, then half a cosine from {@code rate} down to {@code minimum} at step {@code
   * steps}, which is the first that is not trained any more, as in nanoGPT.
   */
  record Cosine(double rate, double minimum, int warmup, int steps) implements Schedule {
    @Override
    public double at(long step) {
      if (step < warmup) {
        return warmUp(rate, warmup, step);
      }
      double progress = progress(warmup, steps, step);
      return minimum + 0.5 * (1 + Math.cos(Math.PI * progress)) * (rate - minimum);
    }
  }

  /**
   * Linear warm-up, then a straight line from {@code rate} down to {@code minimum} at step {@code
   * steps}.
   */
  record Linear(double rate, double minimum, int warmup, int steps) implements Schedule {
    @Override
    public double at(long step) {
      if (step < warmup) {
        return warmUp(rate, warmup, step);
      }
      return rate + progress(warmup, steps, step) * (minimum - rate);
    }
  }

  private static double warmUp(double rate, int warmup, long step) {
    return rate * (step + 1) / (warmup + 1L);
  }

  private static double progress(int warmup, int steps, long step) {
    return Math.min(1, (step - warmup) / (double) Math.max(1, steps - warmup));
  }
}
