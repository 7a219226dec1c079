package org.kindling.model.optimizer;

import org.kindling.model.ModelException;

/**
 * AdamW's constants.
 *
 * @param beta1 decay of the mean of gradients, in [0, 1)
 * @param beta2 decay of the mean of squared gradients, in [0, 1)
 * @param epsilon added to the root of the latter, finite, and above 0 as a 32-bit float, too
 * @param weightDecay fraction of the learning rate by which matrices shrink each step, at least 0
 *     and finite
 */
public record AdamWSettings(double beta1, double beta2, double epsilon, double weightDecay) {
  public AdamWSettings {
    check("train.beta1", beta1, beta1 >= 0 && beta1 < 1, "be in [0, 1)");
    check("train.beta2", beta2, beta2 >= 0 && beta2 < 1, "be in [0, 1)");
    check(
        "train.epsilon",
        epsilon,
        (float) epsilon > 0 && Double.isFinite(epsilon),
        "be above 0 as a 32-bit float, and finite");
    check(
        "train.weight-decay",
        weightDecay,
        weightDecay >= 0 && Double.isFinite(weightDecay),
        "be at least 0 and finite");
  }

  private static void check(String name, double value, boolean holds, String rule) {
    if (!holds) {
      throw new ModelException("%s = %s: must %s".formatted(name, value, rule));
    }
  }
}
