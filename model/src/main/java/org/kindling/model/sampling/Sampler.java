package org.kindling.model.sampling;

import java.util.BitSet;
import org.kindling.model.CounterHash;
import org.kindling.model.ModelException;

/**
 * Chooses tokens for one sequence. Draw {@code i} is a function of (seed, i), i being the number of
 * tokens chosen before, so a sequence comes out the same wherever and beside whatever it is
 * sampled.
 */
public final class Sampler {
  private final SamplingSettings settings;
  private final Ranking ranking = new Ranking();
  private final BitSet seen = new BitSet();
  private double[] weights = new double[0];
  private long draws;

  /**
   * @param prompt what stands before the first token that is chosen; only the repetition penalty
   *     looks at it
   */
  public Sampler(SamplingSettings settings, int... prompt) {
    this.settings = settings;
    if (penalizes()) {
      for (int token : prompt) {
        seen.set(token);
      }
    }
  }

  private boolean penalizes() {
    return settings.repetitionPenalty() != 1;
  }

  /**
   * The next token: repetition penalty, temperature, top-k, top-p (Holtzman et al.,
   * arXiv:1904.09751), min-p (Nguyen et al., arXiv:2407.01082), in this order, then one draw from
   * what is left. Among equal logits the smaller id comes first.
   *
   * @param logits V values; those of tokens that are penalized are changed
   * @throws ModelException if they are not finite, as those of weights that are not
   */
  public int sample(float[] logits) {
    int token;
    if (penalizes()) {
      penalize(logits);
      token = choose(logits);
      seen.set(token);
    } else {
      token = choose(logits);
    }
    draws++;
    return token;
  }

  private void penalize(float[] logits) {
    for (int t = seen.nextSetBit(0); t >= 0; t = seen.nextSetBit(t + 1)) {
      double penalty = settings.repetitionPenalty();
      float penalized = (float) (logits[t] > 0 ? logits[t] / penalty : logits[t] * penalty);
      // A tiny or huge penalty leads out of the floats; what is not finite already stays so.
      boolean isBeyond = Float.isInfinite(penalized) && Float.isFinite(logits[t]);
      logits[t] = isBeyond ? Math.copySign(Float.MAX_VALUE, penalized) : penalized;
    }
  }

  private int choose(float[] logits) {
    return settings.temperature() == 0 ? mostLikely(logits) : draw(logits);
  }

  private int draw(float[] logits) {
    int kept = settings.topK() == 0 ? logits.length : Math.min(settings.topK(), logits.length);
    ranking.rank(logits, kept);
    if (weights.length < kept) {
      weights = new double[kept];
    }
    double most = logits[ranking.token(0)];
    double total = 0;
    for (int i = 0; i < kept; i++) {
      weights[i] = Math.exp((logits[ranking.token(i)] - most) / settings.temperature());
      total += weights[i];
    }
    if (!(total < Double.POSITIVE_INFINITY)) {
      throw diverged();
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
    if (settings.minP() > 0) {
      // The most likely token's weight is 1, so a weight is its share of that one's probability.
      double sum = 0;
      int likely = 0;
      while (likely < kept && weights[likely] >= settings.minP()) {
        sum += weights[likely++];
      }
      kept = likely;
      total = sum;
    }
    double target = CounterHash.unit(CounterHash.of(settings.seed(), draws)) * total;
    double sum = 0;
    for (int i = 0; i < kept; i++) {
      sum += weights[i];
      if (target < sum) {
        return ranking.token(i);
      }
    }
    return ranking.token(kept - 1);
  }

  private static int mostLikely(float[] logits) {
    int best = 0;
    boolean isNumbers = true;
    for (int i = 0; i < logits.length; i++) {
      isNumbers &= !Float.isNaN(logits[i]);
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    if (!isNumbers || !Float.isFinite(logits[best])) {
      throw diverged();
    }
    return best;
  }

  private static ModelException diverged() {
    return new ModelException(
        "the model's scores are no finite numbers: its weights have diverged");
  }
}
