package org.kindling.model.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.model.ModelException;

class SamplerTest {
  private static final int DRAWS = 40_000;

  /** Probabilities 0.5, 0.25, 0.125, 0.125, in another order. */
  private static final float[] LOGITS = {
    (float) Math.log(0.125), (float) Math.log(0.5), (float) Math.log(0.125), (float) Math.log(0.25)
  };

  private static int[] draw(SamplingSettings settings, long seed, int count, float... logits) {
    Sampler sampler = new Sampler(settings, seed);
    return IntStream.range(0, count).map(i -> sampler.sample(logits)).toArray();
  }

  /** The share of each token among many draws stays within five standard deviations. */
  private static void assertShares(SamplingSettings settings, double... expected) {
    int[] counts = new int[expected.length];
    for (int token : draw(settings, 1, DRAWS, LOGITS)) {
      counts[token]++;
    }
    for (int i = 0; i < expected.length; i++) {
      double deviation = Math.sqrt(expected[i] * (1 - expected[i]) / DRAWS);
      assertThat(counts[i] / (double) DRAWS)
          .as("share of token %d", i)
          .isBetween(expected[i] - 5 * deviation, expected[i] + 5 * deviation);
    }
  }

  @Test
  void temperatureOneDrawsTheModelsOwnProbabilities() {
    assertShares(new SamplingSettings(1, 0, 1), 0.125, 0.5, 0.125, 0.25);
  }

  @Test
  void temperatureIsAppliedBeforeAnythingElse() {
    // Half the temperature squares the probabilities: 1/64, 16/64, 1/64, 4/64, which sum to 22/64.
    assertShares(new SamplingSettings(0.5, 0, 1), 1 / 22.0, 16 / 22.0, 1 / 22.0, 4 / 22.0);
    assertShares(new SamplingSettings(0.5, 0, 0.7), 0, 1, 0, 0);
  }

  @Test
  void topKKeepsTheMostLikelyAndAmongEqualsTheSmallerId() {
    assertShares(new SamplingSettings(1, 2, 1), 0, 2 / 3.0, 0, 1 / 3.0);
    assertShares(new SamplingSettings(1, 3, 1), 1 / 7.0, 4 / 7.0, 0, 2 / 7.0);
    assertShares(new SamplingSettings(1, 100, 1), 0.125, 0.5, 0.125, 0.25);
  }

  @Test
  void topPKeepsTheFewestTokensThatReachIt() {
    assertShares(new SamplingSettings(1, 0, 0.01), 0, 1, 0, 0);
    assertShares(new SamplingSettings(1, 0, 0.49), 0, 1, 0, 0);
    assertShares(new SamplingSettings(1, 0, 0.51), 0, 2 / 3.0, 0, 1 / 3.0);
    assertShares(new SamplingSettings(1, 0, 0.76), 1 / 7.0, 4 / 7.0, 0, 2 / 7.0);
  }

  @Test
  void topPCountsWhatTopKLeft() {
    // Of two tokens left, the first has 2/3.
    assertShares(new SamplingSettings(1, 2, 0.6), 0, 1, 0, 0);
    assertShares(new SamplingSettings(1, 2, 0.7), 0, 2 / 3.0, 0, 1 / 3.0);
  }

  @Test
  void exactlyReachedProbabilityIsEnough() {
    float[] equal = {0, 0, 0, 0};

    assertThat(draw(new SamplingSettings(1, 0, 0.5), 3, 200, equal)).containsOnly(0, 1);
  }

  @Test
  void temperatureZeroTakesTheFirstOfTheMostLikely() {
    SamplingSettings greedy = new SamplingSettings(0, 0, 1);

    assertThat(draw(greedy, 5, 10, -1, 7, 7, 2)).containsOnly(1);
    assertThat(draw(greedy, 6, 10, Float.NEGATIVE_INFINITY, -5)).containsOnly(1);
  }

  @Test
  void aSeedGivesTheSameDrawsAndAnotherSeedOthers() {
    SamplingSettings settings = new SamplingSettings(1, 0, 1);

    int[] draws = draw(settings, 7, 200, LOGITS);

    assertThat(draw(settings, 7, 200, LOGITS)).isEqualTo(draws);
    assertThat(draw(settings, 8, 200, LOGITS)).isNotEqualTo(draws);
  }

  @Test
  void extremeLogitsAndTinyTemperaturesStayFinite() {
    assertThat(draw(new SamplingSettings(1, 0, 1), 1, 50, 3e38f, -3e38f, 0)).containsOnly(0);
    assertThat(draw(new SamplingSettings(1e-300, 0, 0.9), 1, 50, 1, 2, 3)).containsOnly(2);
    assertThat(draw(new SamplingSettings(1e300, 0, 1), 1, 500, 1, 2, 3)).contains(0, 1, 2);
  }

  @ParameterizedTest
  @CsvSource({
    "-0.1, 0, 1, 'temperature = -0.1: must be finite and at least 0'",
    "NaN, 0, 1, 'temperature = NaN: must be finite and at least 0'",
    "Infinity, 0, 1, 'temperature = Infinity: must be finite and at least 0'",
    "1, -1, 1, 'top-k = -1: must be at least 0 (0 keeps all tokens)'",
    "1, 0, 0, 'top-p = 0.0: must be in (0, 1]'",
    "1, 0, 1.5, 'top-p = 1.5: must be in (0, 1]'"
  })
  void settingsOutOfRangeAreNamed(double temperature, int topK, double topP, String message) {
    assertThatThrownBy(() -> new SamplingSettings(temperature, topK, topP))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }
}
