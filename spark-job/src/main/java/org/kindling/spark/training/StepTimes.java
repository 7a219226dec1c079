package org.kindling.spark.training;

import org.kindling.spark.run.Metrics;

/** Sums what steps cost until the next line of metrics.jsonl, which shows means. */
final class StepTimes {
  private int steps;
  private long tokens;
  private double step;
  private double weights;
  private double compute;
  private double reduce;
  private double optimizer;
  private long bytes;

  void add(GradientJob.Result result, double stepMillis, double optimizerMillis) {
    steps++;
    tokens += result.tokens();
    step += stepMillis;
    weights += result.weightsMillis();
    compute += result.computeMillis();
    reduce += result.reduceMillis();
    optimizer += optimizerMillis;
    bytes += result.bytesSent();
  }

  /** Tokens a second since the last line. */
  double tokensPerSecond() {
    return tokens / step * 1e3;
  }

  /** The line of the steps since the last one; the next starts from zero. */
  Metrics line(
      int atStep, double trainLoss, Double validationLoss, double learningRate, double norm) {
    Metrics line =
        new Metrics(
            atStep,
            trainLoss,
            validationLoss,
            learningRate,
            norm,
            tokensPerSecond(),
            step / steps,
            weights / steps,
            compute / steps,
            reduce / steps,
            optimizer / steps,
            bytes / steps);
    steps = 0;
    tokens = 0;
    step = weights = compute = reduce = optimizer = 0;
    bytes = 0;
    return line;
  }
}
