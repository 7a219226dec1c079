package org.kindling.model.sampling;

import java.util.Arrays;
import java.util.Comparator;
import org.kindling.model.Mix;

/**
 * Chooses tokens for one sequence. Draw {@code i} is a function of (seed, i), so a sequence comes
 * out the same wherever and beside whatever it is sampled.
 */
public final class Sampler {
  private final SamplingSettings settings;
  private final long seed;
  private long draws;

  public Sampler(SamplingSettings settings, long seed) {
    this.settings = settings;
    this.seed = seed;
  }

  /**
   * The next token: temperature first, then top-k, then top-p (Holtzman et al., arXiv:1904.09751),
   * then one draw from what is left. Among equal logits the smaller id comes first.
   *
   * @param logits V values, left as they are
   */
  public int sample(float[] logits) {
    if (settings.temperature() == 0) {
      return mostLikely(logits);
    }
    Integer[] order = new Integer[logits.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -logits[i])); // a stable sort
    int kept = settings.topK() == 0 ? order.length : Math.min(settings.topK(), order.length);
    double[] weights = new double[kept];
    double total = 0;
    for (int i = 0; i < kept; i++) {
      weights[i] = Math.exp((logits[order[i]] - logits[order[0]]) / settings.temperature());
      total += weights[i];
    }
    if (settings.topP() < 1) {
      double sum = 0;
      int nucleus = 0;
      while (nucleus < kept && sum < settings.topP() * total) {
        sum += weights[nucleus++];
      }
      kept = nucleus;
      total = sum;
    }
    double target = Mix.unit(Mix.of(seed, draws++)) * total;
    double sum = 0;
    for (int i = 0; i < kept; i++) {
      sum += weights[i];
      if (target < sum) {
        return order[i];
      }
    }
    return order[kept - 1];
  }

  private static int mostLikely(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
