package org.kindling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.model.sampling.Sampler;
import org.kindling.model.sampling.SamplingSettings;

class GeneratorTest {
  private static final int V = 11;

  private static ModelSettings gpt(int context) {
    return new ModelSettings(
        ModelType.GPT, 2, 2, 16, context, V, 0.1, true, true, true, Activation.GELU);
  }

  /** Weights far from their start, so that different contexts give different tokens. */
  private static float[] weights(ModelSettings settings) {
    float[] weights = InitialWeights.draw(ParameterLayout.of(settings), 3);
    Random random = new Random(4);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += (float) (0.3 * random.nextGaussian());
    }
    return weights;
  }

  private static Sampler sampler() {
    return new Sampler(new SamplingSettings(0.9, 8, 0.95), 42);
  }

  private static List<Integer> generate(
      ModelSettings settings, int[] prompt, int count, Sampler sampler, KernelChoice choice) {
    List<Integer> tokens = new ArrayList<>();
    try (Generator generator = new Generator(settings, weights(settings), choice)) {
      generator.generate(prompt, count, sampler, tokens::add);
    }
    return tokens;
  }

  /** Each token from a replica of the exact length of what came before, at most T tokens. */
  private static List<Integer> bruteForce(
      ModelSettings settings, int[] prompt, int count, Sampler sampler) {
    float[] weights = weights(settings);
    List<Integer> sequence = new ArrayList<>(Arrays.stream(prompt).boxed().toList());
    float[] logits = new float[V];
    for (int i = 0; i < count; i++) {
      int from = Math.max(0, sequence.size() - settings.context());
      int[] last = sequence.subList(from, sequence.size()).stream().mapToInt(t -> t).toArray();
      try (var kernels = KernelChooser.make(KernelChoice.ONEDNN)) {
        Parameters parameters = new Parameters(ParameterLayout.of(settings), kernels.type());
        Replica replica = new Replica(settings, parameters, 1, last.length, kernels);
        replica.load(weights);
        replica.logits(last, last.length - 1, logits);
      }
      sequence.add(sampler.sample(logits));
    }
    return sequence.subList(prompt.length, sequence.size());
  }

  @ParameterizedTest(name = "context {0}, a prompt of {1}, {2} tokens more")
  @CsvSource({"1, 1, 5", "5, 1, 12", "5, 9, 6", "20, 3, 40", "40, 40, 5", "33, 17, 20"})
  void theContextSlidesAsIfEachTokenWereComputedAnew(int context, int prompted, int count) {
    ModelSettings settings = gpt(context);
    int[] prompt = new Random(9).ints(prompted, 0, V).toArray();

    List<Integer> tokens = generate(settings, prompt, count, sampler(), KernelChoice.ONEDNN);

    assertThat(tokens).isEqualTo(bruteForce(settings, prompt, count, sampler()));
  }

  @Test
  void bothKernelsContinueAlike() {
    int[] prompt = {1, 2, 3};
    Sampler greedy = new Sampler(new SamplingSettings(0, 0, 1), 0);

    assertThat(generate(gpt(20), prompt, 30, greedy, KernelChoice.ND4J))
        .isEqualTo(generate(gpt(20), prompt, 30, greedy, KernelChoice.ONEDNN));
  }

  @Test
  void aBigramFollowsItsTable() {
    ModelSettings settings =
        new ModelSettings(ModelType.BIGRAM, 0, 0, 0, 4, V, 0, false, false, false, Activation.RELU);
    float[] table = new float[V * V];
    for (int token = 0; token < V; token++) {
      table[token * V + (token + 3) % V] = 10;
    }
    List<Integer> tokens = new ArrayList<>();
    try (Generator generator = new Generator(settings, table, KernelChoice.AUTO)) {
      Sampler greedy = new Sampler(new SamplingSettings(0, 0, 1), 0);
      generator.generate(new int[] {0}, 6, greedy, tokens::add);
    }

    assertThat(tokens).containsExactly(3, 6, 9, 1, 4, 7);
  }

  @Test
  void anEmptyPromptIsADefectOfTheCaller() {
    try (Generator generator = new Generator(gpt(4), weights(gpt(4)), KernelChoice.AUTO)) {
      assertThatThrownBy(() -> generator.generate(new int[0], 1, sampler(), token -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the prompt has no tokens");
    }
  }
}
