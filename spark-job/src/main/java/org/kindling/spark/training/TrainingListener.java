package org.kindling.spark.training;

import org.kindling.spark.run.Metrics;

/**
 * Hears how training goes, of what it cares for. Called by the training loop's thread, between
 * steps.
 */
public interface TrainingListener {
  /**
   * A step is done.
   *
   * @param step how many steps are done now
   * @param loss mean loss of the step's tokens, in nats
   */
  default void stepped(int step, double loss, double learningRate, double tokensPerSecond) {}

  /** The model was evaluated on the validation split. */
  default void evaluated(int step, double validationLoss, boolean isBest) {}

  /**
   * The weights of that evaluation, P values.
   *
   * @param weights the loop's own, lent for the time of the call: to read, not to keep
   */
  default void evaluatedWeights(int step, float[] weights) {}

  /** A line went to metrics.jsonl, which repeats an evaluation's loss. */
  default void logged(Metrics metrics) {}
}
