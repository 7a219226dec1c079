package org.kindling.model.sampling;

import java.io.Serializable;
import org.kindling.model.ModelException;

/**
 * How a sequence's tokens are chosen. Applied in this order, which is that of Hugging Face's
 * transformers ({@code generation/utils.py}, {@code _get_logits_processor}): repetition penalty,
 * temperature, top-k, top-p, min-p.
 *
 * @param temperature logits are divided by it; 0 takes the most likely token always
 * @param topK how many of the most likely tokens stay in; 0 for all
 * @param topP the most likely tokens that together reach this probability stay in, in (0, 1]; 1 for
 *     all
 * @param minP tokens with at least this share of the most likely one's probability stay in, in [0,
 *     1]; 0 for all
 * @param repetitionPenalty logits of tokens that the sequence has, in its prompt or since, are
 *     divided by it if positive and multiplied if negative (Keskar et al., arXiv:1909.05858); 1 for
 *     none
 * @param seed what the draws follow from
 */
public record SamplingSettings(
    double temperature, int topK, double topP, double minP, double repetitionPenalty, long seed)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** The most likely token always. */
  public static final SamplingSettings GREEDY = new SamplingSettings(0, 0, 1, 0, 1, 0);

  public SamplingSettings {
    check(
        "temperature",
        temperature,
        temperature >= 0 && temperature < Double.POSITIVE_INFINITY,
        "be finite and at least 0");
    check("top-k", topK, topK >= 0, "be at least 0 (0 keeps all tokens)");
    check("top-p", topP, topP > 0 && topP <= 1, "be in (0, 1]");
    check("min-p", minP, minP >= 0 && minP <= 1, "be in [0, 1]");
    check(
        "repetition-penalty",
        repetitionPenalty,
        repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY,
        "be finite and above 0 (1 is no penalty)");
  }

  /** Draws from the model's probabilities at a temperature. */
  public static SamplingSettings at(double temperature, long seed) {
    return new SamplingSettings(temperature, 0, 1, 0, 1, seed);
  }

  /** The same with other draws. */
  public SamplingSettings withSeed(long other) {
    return new SamplingSettings(temperature, topK, topP, minP, repetitionPenalty, other);
  }

  private static void check(String name, Number value, boolean holds, String rule) {
    if (!holds) {
      throw new ModelException("%s = %s: must %s".formatted(name, value, rule));
    }
  }
}
