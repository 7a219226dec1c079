package org.kindling.spark.command.train;

import java.util.List;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.training.TrainingListener;

/** Several listeners as one, called in their order. */
record Listeners(List<TrainingListener> all) implements TrainingListener {
  @Override
  public void stepped(int step, double loss, double learningRate, double tokensPerSecond) {
    all.forEach(one -> one.stepped(step, loss, learningRate, tokensPerSecond));
  }

  @Override
  public void evaluated(int step, double validationLoss, boolean isBest) {
    all.forEach(one -> one.evaluated(step, validationLoss, isBest));
  }

  @Override
  public void evaluatedWeights(int step, float[] weights) {
    all.forEach(one -> one.evaluatedWeights(step, weights));
  }

  @Override
  public void logged(Metrics metrics) {
    all.forEach(one -> one.logged(metrics));
  }
}
