package org.kindling.model.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.Parameters;
import org.kindling.model.Replica;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;

/** A decoder's logits against those of whole forward passes, and what it refuses. */
class DecoderTest {
  private static final int V = Models.V;
  private static final int[] SLOT = {0};

  static Stream<Arguments> models() {
    return Stream.of(KernelChoice.ONEDNN, KernelChoice.ND4J)
        .flatMap(
            kernels ->
                Stream.of(
                    Arguments.of(kernels, "odd length", Models.gpt(2, 2, 32, 70), 1, 80),
                    Arguments.of(
                        kernels, "prompt of many stretches", Models.gpt(2, 2, 32, 150), 140, 155),
                    Arguments.of(kernels, "prompt of T", Models.gpt(1, 3, 15, 20), 20, 24),
                    Arguments.of(kernels, "prompt beyond T", Models.gpt(1, 3, 15, 20), 33, 36),
                    Arguments.of(kernels, "whole stretch", Models.gpt(1, 2, 32, 128), 64, 67),
                    Arguments.of(kernels, "one token more", Models.gpt(1, 2, 32, 128), 65, 67),
                    Arguments.of(kernels, "one head", Models.gpt(3, 1, 16, 9), 2, 12),
                    Arguments.of(kernels, "heads of one value", Models.gpt(2, 6, 6, 70), 66, 72),
                    Arguments.of(kernels, "T = 1", Models.gpt(2, 2, 8, 1), 1, 4),
                    variant(kernels, true, false, false, Activation.RELU),
                    variant(kernels, false, false, true, Activation.GELU),
                    variant(kernels, true, true, true, Activation.GELU_TANH),
                    variant(kernels, false, true, false, Activation.RELU)));
  }

  private static Arguments variant(
      KernelChoice kernels, boolean bias, boolean qkv, boolean tied, Activation activation) {
    return Arguments.of(
        kernels,
        "bias %s, qkv bias %s, tied %s, %s".formatted(bias, qkv, tied, activation),
        Models.variant(2, 4, 64, 20, bias, qkv, tied, activation),
        5,
        22);
  }

  /** Each part missing by itself, all mixtures of missing parts, and other widths. */
  static Stream<Arguments> parts() {
    return Stream.of(KernelChoice.ONEDNN, KernelChoice.ND4J)
        .flatMap(
            kernels ->
                Stream.concat(
                        IntStream.range(0, 24).mapToObj(DecoderTest::mixture),
                        IntStream.of(1, 2, 3, 7)
                            .mapToObj(w -> Models.parts(2, 32, true, w, true, true, true, true)))
                    .map(s -> Arguments.of(kernels, parts(s), s, 66, 73)));
  }

  private static ModelSettings mixture(int i) {
    boolean contracts = i / 8 == 0; // i / 8 == 2: without a feed-forward layer
    return Models.parts(
        2, 32, i / 8 < 2, contracts ? 4 : 1, contracts, (i & 1) == 0, (i & 2) == 0, (i & 4) == 0);
  }

  private static String parts(ModelSettings s) {
    return "feed-forward %s of width %d, ended %s, residual %s, norms %s, projection %s"
        .formatted(
            s.feedForward(),
            s.feedForwardWidth(),
            s.feedForwardProjection(),
            s.residual(),
            s.layerNorm(),
            s.projection());
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource({"models", "parts"})
  void logitsAreThoseOfTheLastTokensComputedAnew(
      KernelChoice kernels, String name, ModelSettings settings, int prompted, int total) {
    int[] tokens = Models.tokens(total, 7);
    float[] weights = Models.weights(settings);
    float[] logits = new float[V];
    try (Decoder decoder = Decoder.of(settings, weights, 1, kernels)) {
      decoder.begin(0, Arrays.copyOf(tokens, prompted));
      for (int length = prompted; length <= total; length++) {
        decoder.logits(SLOT, 1, logits);
        assertClose(length, logits, whole(settings, weights, Arrays.copyOf(tokens, length)));
        if (length < total) {
          decoder.append(0, tokens[length]);
        }
      }
    }
  }

  /** The logits behind the last T of the tokens, from a replica of their exact number. */
  private static float[] whole(ModelSettings settings, float[] weights, int[] tokens) {
    int length = Math.min(tokens.length, settings.context());
    int[] last = Arrays.copyOfRange(tokens, tokens.length - length, tokens.length);
    float[] logits = new float[V];
    var kernels = KernelChooser.make(KernelChoice.ONEDNN);
    Parameters parameters = new Parameters(ParameterLayout.of(settings), kernels.type());
    try (Replica replica = new Replica(settings, parameters, 1, length, kernels)) {
      replica.load(weights);
      replica.logits(last, length - 1, logits);
    }
    return logits;
  }

  private static void assertClose(int length, float[] ours, float[] reference) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < V; i++) {
      difference += Math.pow((double) ours[i] - reference[i], 2);
      norm += Math.pow(reference[i], 2);
    }
    assertThat(Math.sqrt(difference / norm)).as("error behind %d tokens", length).isLessThan(1e-5);
  }

  @Test
  void aBigramsLogitsAreItsTablesRows() {
    ModelSettings settings = bigram();
    float[] table = Models.weights(settings);
    float[] logits = new float[2 * V];
    try (Decoder decoder = Decoder.of(settings, table, 2, KernelChoice.AUTO)) {
      decoder.begin(0, new int[] {1, 2, 3});
      decoder.begin(1, new int[] {7});
      decoder.logits(new int[] {1, 0}, 2, logits);
      assertThat(Arrays.copyOf(logits, V)).isEqualTo(Arrays.copyOfRange(table, 7 * V, 8 * V));
      assertThat(Arrays.copyOfRange(logits, V, 2 * V))
          .isEqualTo(Arrays.copyOfRange(table, 3 * V, 4 * V));
      decoder.append(1, 5);
      decoder.logits(new int[] {1}, 1, logits);
      assertThat(Arrays.copyOf(logits, V)).isEqualTo(Arrays.copyOfRange(table, 5 * V, 6 * V));
    }
    assertThat(Decoder.bytes(settings, 5)).isZero();
  }

  private static ModelSettings bigram() {
    return new ModelSettings(
        ModelType.BIGRAM, 0, 0, 0, 4, V, 0, false, false, false, Activation.RELU);
  }

  @ParameterizedTest
  @EnumSource(ModelType.class)
  void whatMakesNoSenseIsRefused(ModelType type) {
    ModelSettings settings = type == ModelType.GPT ? Models.gpt(1, 1, 4, 8) : bigram();
    float[] weights = Models.weights(settings);
    assertThatThrownBy(() -> Decoder.of(settings, weights, 0, KernelChoice.AUTO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0 slots: must be at least 1");
    try (Decoder decoder = Decoder.of(settings, weights, 1, KernelChoice.AUTO)) {
      assertThatThrownBy(() -> decoder.begin(0, new int[0]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the prompt has no tokens");
      assertThatThrownBy(() -> decoder.begin(0, new int[] {1, V}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("token 23: the model has tokens 0 to 22");
      decoder.begin(0, new int[] {1, 2});
      assertThatThrownBy(() -> decoder.append(0, 1)).isInstanceOf(IllegalStateException.class);
      decoder.logits(SLOT, 1, new float[V]);
      assertThatThrownBy(() -> decoder.append(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void weightsOfAnotherModelAreRefused() {
    ModelSettings settings = Models.gpt(1, 1, 4, 8);
    assertThatThrownBy(() -> Decoder.of(settings, new float[7], 1, KernelChoice.AUTO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a vector of 7 values for ");
  }

  @Test
  void closingTwiceIsClosingOnce() {
    for (KernelChoice kernels : KernelChoice.values()) {
      ModelSettings settings = Models.gpt(1, 1, 4, 8);
      Decoder decoder = Decoder.of(settings, Models.weights(settings), 2, kernels);
      decoder.close();
      decoder.close();
    }
  }
}
