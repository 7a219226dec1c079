package org.kindling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.Nd4jKernels;
import org.kindling.model.kernels.OneDnnKernels;
import org.nd4j.linalg.api.buffer.DataType;

/** Models without some of their parts, down to one head of attention and an output layer. */
class ModelPartsTest {
  private static final int T = 6;
  private static final int V = 11;

  private static ModelSettings model(
      boolean feedForward,
      int width,
      boolean feedForwardProjection,
      boolean residual,
      boolean layerNorm,
      boolean projection) {
    return new ModelSettings(
        ModelType.GPT,
        2,
        2,
        8,
        T,
        V,
        0,
        true,
        false,
        false,
        Activation.RELU,
        feedForward,
        width,
        feedForwardProjection,
        residual,
        layerNorm,
        projection,
        InitialScheme.PYTORCH);
  }

  static List<ModelSettings> combinations() {
    List<ModelSettings> models = new ArrayList<>();
    for (int off = 0; off < 32; off++) {
      boolean projects = (off & 1) == 0;
      models.add(
          model(
              (off & 2) == 0,
              projects ? 4 : 1,
              projects,
              (off & 4) == 0,
              (off & 8) == 0,
              (off & 16) == 0));
    }
    return models;
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void logitsAreThoseOfTheFormulas(ModelSettings settings) {
    float[] weights = InitialWeights.draw(ParameterLayout.of(settings), 5);
    int[] ids = new Random(3).ints(2 * T, 0, V).toArray();
    for (Kernels kernels :
        List.of(
            new OneDnnKernels(),
            new Nd4jKernels(DataType.FLOAT),
            new Nd4jKernels(DataType.DOUBLE))) {
      try (Replica replica = new Replica(settings, 2, kernels)) {
        replica.load(weights);
        float[] logits = new float[2 * V];
        replica.logits(ids, T - 1, logits);
        for (int b = 0; b < 2; b++) {
          int[] sequence = java.util.Arrays.copyOfRange(ids, b * T, (b + 1) * T);
          double[][] expected = new PlainTransformer(settings, weights).logits(sequence);
          for (int v = 0; v < V; v++) {
            assertThat((double) logits[b * V + v])
                .as("%s, sequence %d, token %d", kernels.describe(), b, v)
                .isCloseTo(expected[T - 1][v], within(2e-5));
          }
        }
      }
    }
  }

  @Test
  void whatIsTakenAwayHasNoParameters() {
    ModelSettings oneHead = model(false, 1, true, false, false, false);

    assertThat(ParameterLayout.of(oneHead).parameters())
        .extracting(ParameterLayout.Parameter::name)
        .containsExactly(
            "wte.weight",
            "wpe.weight",
            "h.0.attn.c_attn.weight",
            "h.1.attn.c_attn.weight",
            "lm_head.weight",
            "lm_head.bias");
    assertThat(
            ParameterLayout.of(model(true, 3, true, true, true, true))
                .get("h.1.mlp.c_proj.weight")
                .shape())
        .containsExactly(8, 24);
  }

  @Test
  void pytorchsWeightsAreWiderAndBiasesNotZero() {
    ModelSettings settings = model(true, 4, true, true, true, true);
    ParameterLayout layout = ParameterLayout.of(settings);
    float[] weights = InitialWeights.draw(layout, 1);

    for (String name : List.of("h.0.attn.c_attn.weight", "h.0.mlp.c_fc.bias", "lm_head.weight")) {
      assertSpread(layout, weights, name, 1 / Math.sqrt(8));
    }
    assertSpread(layout, weights, "h.1.mlp.c_proj.weight", 1 / Math.sqrt(32));
    ParameterLayout.Parameter embedding = layout.get("wte.weight");
    double squares = 0;
    for (int i = 0; i < embedding.length(); i++) {
      squares += Math.pow(weights[embedding.offset() + i], 2) / embedding.length();
    }
    // Five standard errors of 88 values.
    assertThat(Math.sqrt(squares)).isBetween(1 - 5 / Math.sqrt(176), 1 + 5 / Math.sqrt(176));
    assertThat(weights[layout.get("ln_f.weight").offset()]).isEqualTo(1f);
    assertThat(weights[layout.get("ln_f.bias").offset()]).isZero();
  }

  /** Evenly spread: inside the limit, both halves of each side used. */
  private static void assertSpread(
      ParameterLayout layout, float[] weights, String name, double limit) {
    ParameterLayout.Parameter parameter = layout.get(name);
    int[] quarters = new int[4];
    for (int i = 0; i < parameter.length(); i++) {
      double value = weights[parameter.offset() + i] / limit;
      assertThat(value).as(name).isBetween(-1.0, 1.0);
      quarters[Math.min(3, (int) (2 * (value + 1)))]++;
    }
    double n = parameter.length();
    for (int count : quarters) {
      // Five standard errors of a binomial count with probability 1/4.
      assertThat(count / n).as(name).isCloseTo(0.25, within(5 * Math.sqrt(0.1875 / n)));
    }
  }

  @Test
  void attentionIsAProbabilityOverTheTokensSoFar() {
    ModelSettings settings = model(true, 4, true, true, true, true);
    try (Replica replica = new Replica(settings, 2, new OneDnnKernels())) {
      replica.load(InitialWeights.draw(ParameterLayout.of(settings), 9));
      replica.logits(new Random(4).ints(2 * T, 0, V).toArray(), T - 1, new float[2 * V]);
      for (int layer = 0; layer < settings.layers(); layer++) {
        for (float[][][] heads : replica.attention(layer)) {
          assertThat(heads).hasNumberOfRows(settings.heads());
          for (float[][] rows : heads) {
            for (int t = 0; t < T; t++) {
              double sum = 0;
              for (int s = 0; s < T; s++) {
                assertThat(rows[t][s]).isBetween(0f, s <= t ? 1f : 0f);
                sum += rows[t][s];
              }
              assertThat(sum).isCloseTo(1, within(1e-5));
            }
          }
        }
      }
    }
  }

  @Test
  void widthsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> model(true, 4, false, true, true, true))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "model.feed-forward-width = 4: must be 1 with model.feed-forward-projection = false");
    assertThatThrownBy(() -> model(true, 0, true, true, true, true))
        .hasMessage("model.feed-forward-width = 0: must be at least 1");
    assertThatThrownBy(() -> model(true, 400_000_000, true, true, true, true))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("must be less than 2^31");
    assertThat(model(false, 4, false, true, true, true).feedForward()).isFalse();
    assertThatThrownBy(() -> InitialScheme.fromName("torch"))
        .hasMessage("model.initial-weights = torch: must be one of gpt2, pytorch");
  }
}
