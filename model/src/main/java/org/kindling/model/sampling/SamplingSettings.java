package org.kindling.model.sampling;

import org.kindling.model.ModelException;

/**
 * How a token is chosen.
 *
 * @param temperature logits are divided by it; 0 takes the most likely token always
 * @param topK how many of the most likely tokens stay in; 0 for all
 * @param topP the most likely tokens that together reach this probability stay in, in (0, 1]; 1 for
 *     all
 */
public record SamplingSettings(double temperature, int topK, double topP) {
  public SamplingSettings {
    check(
        "temperature",
        temperature,
        temperature >= 0 && temperature < Double.POSITIVE_INFINITY,
        "be finite and at least 0");
    check("top-k", topK, topK >= 0, "be at least 0 (0 keeps all tokens)");
    check("top-p", topP, topP > 0 && topP <= 1, "be in (0, 1]");
  }

  private static void check(String name, Number value, boolean holds, String rule) {
    if (!holds) {
      throw new ModelException("%s = %s: must %s".formatted(name, value, rule));
    }
  }
}
