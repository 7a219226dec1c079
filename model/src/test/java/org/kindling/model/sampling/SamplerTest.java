package org.kindling.model.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
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

  private static SamplingSettings settings(double temperature, int topK, double topP) {
    return new SamplingSettings(temperature, topK, topP, 0, 1, 0);
  }

  private static int[] draw(SamplingSettings settings, long seed, int count, float... logits) {
    Sampler sampler = new Sampler(settings.withSeed(seed));
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

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "1, 0.9"})
  void scoresThatAreNoNumbersAreRefused(double temperature, double topP) {
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      for (float[] logits : new float[][] {{wrong, 0, 1}, {0, wrong, 1}, {1, 0, wrong}}) {
        assertThatThrownBy(() -> draw(settings(temperature, 0, topP), 1, 1, logits))
            .isInstanceOf(ModelException.class)
            .hasMessage("the model's scores are no finite numbers: its weights have diverged");
      }
    }
    assertThat(draw(settings(temperature, 0, topP), 1, 1, Float.NEGATIVE_INFINITY, 0))
        .containsExactly(1);
  }

  @Test
  void temperatureOneDrawsTheModelsOwnProbabilities() {
    assertShares(settings(1, 0, 1), 0.125, 0.5, 0.125, 0.25);
  }

  @Test
  void temperatureIsAppliedBeforeAnythingElse() {
    // Half the temperature squares the probabilities: 1/64, 16/64, 1/64, 4/64, which sum to 22/64.
    assertShares(settings(0.5, 0, 1), 1 / 22.0, 16 / 22.0, 1 / 22.0, 4 / 22.0);
    assertShares(settings(0.5, 0, 0.7), 0, 1, 0, 0);
  }

  @Test
  void topKKeepsTheMostLikelyAndAmongEqualsTheSmallerId() {
    assertShares(settings(1, 2, 1), 0, 2 / 3.0, 0, 1 / 3.0);
    assertShares(settings(1, 3, 1), 1 / 7.0, 4 / 7.0, 0, 2 / 7.0);
    assertShares(settings(1, 100, 1), 0.125, 0.5, 0.125, 0.25);
  }

  @Test
  void topPKeepsTheFewestTokensThatReachIt() {
    assertShares(settings(1, 0, 0.01), 0, 1, 0, 0);
    assertShares(settings(1, 0, 0.49), 0, 1, 0, 0);
    assertShares(settings(1, 0, 0.51), 0, 2 / 3.0, 0, 1 / 3.0);
    assertShares(settings(1, 0, 0.76), 1 / 7.0, 4 / 7.0, 0, 2 / 7.0);
  }

  @Test
  void topPCountsWhatTopKLeft() {
    // Of two tokens left, the first has 2/3.
    assertShares(settings(1, 2, 0.6), 0, 1, 0, 0);
    assertShares(settings(1, 2, 0.7), 0, 2 / 3.0, 0, 1 / 3.0);
  }

  @Test
  void minPKeepsWhatHasThatShareOfTheMostLikely() {
    assertShares(new SamplingSettings(1, 0, 1, 0.49, 1, 0), 0, 2 / 3.0, 0, 1 / 3.0);
    assertShares(new SamplingSettings(1, 0, 1, 0.51, 1, 0), 0, 1, 0, 0);
    assertShares(new SamplingSettings(1, 0, 1, 1, 1, 0), 0, 1, 0, 0);
    // At half the temperature the second has a quarter of the first one's probability.
    assertShares(new SamplingSettings(0.5, 0, 1, 0.3, 1, 0), 0, 1, 0, 0);
    // Top-p comes first: three tokens reach 0.8, and min-p leaves two of them.
    assertShares(new SamplingSettings(1, 0, 0.8, 0.4, 1, 0), 0, 2 / 3.0, 0, 1 / 3.0);
  }

  @Test
  void theRepetitionPenaltyDividesPositiveAndMultipliesNegativeLogits() {
    SamplingSettings greedy = new SamplingSettings(0, 0, 1, 0, 2, 0);

    assertThat(new Sampler(greedy, 0).sample(new float[] {3, 1.4f})).isZero();
    assertThat(new Sampler(greedy, 0).sample(new float[] {3, 1.6f})).isEqualTo(1);
    assertThat(new Sampler(greedy, 1, 1).sample(new float[] {-5, -2})).isEqualTo(1);
    assertThat(new Sampler(greedy, 1, 1).sample(new float[] {-3, -2})).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1e-300, 0", "1e-45, 0", "1e300, 2"})
  void anExtremePenaltyStillChooses(double penalty, int expected) {
    for (double temperature : new double[] {0, 1}) {
      Sampler sampler = new Sampler(new SamplingSettings(temperature, 0, 1, 0, penalty, 0), 0, 1);

      assertThat(sampler.sample(new float[] {5, -5, 4})).isEqualTo(expected);
    }
  }

  @Test
  void chosenTokensArePenalizedToo() {
    Sampler sampler = new Sampler(new SamplingSettings(0, 0, 1, 0, 2, 0), 3);
    float[] logits = {10, 9, 8, 15};

    assertThat(IntStream.range(0, 4).map(i -> sampler.sample(logits.clone())).toArray())
        .containsExactly(0, 1, 2, 3);
  }

  /** As the sampler's first version ranked tokens: a stable sort of boxed ids. */
  @Test
  void rankingAgreesWithAStableSort() {
    Random random = new Random(11);
    for (int n : new int[] {1, 2, 65, 1000, 5000}) {
      float[] logits = new float[n];
      for (int i = 0; i < n; i++) {
        logits[i] = Math.round(random.nextGaussian() * 50) / 10f; // many are equal
      }
      logits[n / 2] = Float.NEGATIVE_INFINITY;
      logits[n - 1] = -0f; // others are 0
      List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
      order.sort(Comparator.comparingDouble(i -> 0d - logits[i]));
      for (int count : new int[] {1, 2, 10, 40, n / 8, n}) {
        Ranking ranking = new Ranking();
        int kept = Math.min(count, n);
        ranking.rank(logits, kept);
        assertThat(IntStream.range(0, kept).mapToObj(ranking::token).toList())
            .as("%d of %d", kept, n)
            .isEqualTo(order.subList(0, kept));
      }
    }
  }

  @Test
  void exactlyReachedProbabilityIsEnough() {
    float[] equal = {0, 0, 0, 0};

    assertThat(draw(settings(1, 0, 0.5), 3, 200, equal)).containsOnly(0, 1);
  }

  @Test
  void temperatureZeroTakesTheFirstOfTheMostLikely() {
    SamplingSettings greedy = settings(0, 0, 1);

    assertThat(draw(greedy, 5, 10, -1, 7, 7, 2)).containsOnly(1);
    assertThat(draw(greedy, 6, 10, Float.NEGATIVE_INFINITY, -5)).containsOnly(1);
  }

  @Test
  void aSeedGivesTheSameDrawsAndAnotherSeedOthers() {
    SamplingSettings settings = settings(1, 0, 1);

    int[] draws = draw(settings, 7, 200, LOGITS);

    assertThat(draw(settings, 7, 200, LOGITS)).isEqualTo(draws);
    assertThat(draw(settings, 8, 200, LOGITS)).isNotEqualTo(draws);
  }

  @Test
  void extremeLogitsAndTinyTemperaturesStayFinite() {
    assertThat(draw(settings(1, 0, 1), 1, 50, 3e38f, -3e38f, 0)).containsOnly(0);
    assertThat(draw(settings(1e-300, 0, 0.9), 1, 50, 1, 2, 3)).containsOnly(2);
    assertThat(draw(settings(1e300, 0, 1), 1, 500, 1, 2, 3)).contains(0, 1, 2);
  }

  @Test
  void minPAndPenaltyOutOfRangeAreNamed() {
    assertThatThrownBy(() -> new SamplingSettings(1, 0, 1, 1.5, 1, 0))
        .isInstanceOf(ModelException.class)
        .hasMessage("min-p = 1.5: must be in [0, 1]");
    assertThatThrownBy(() -> new SamplingSettings(1, 0, 1, 0, 0, 0))
        .isInstanceOf(ModelException.class)
        .hasMessage("repetition-penalty = 0.0: must be finite and above 0 (1 is no penalty)");
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
    assertThatThrownBy(() -> settings(temperature, topK, topP))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }
}
