package org.kindling.model.decoding;

import java.util.Random;
import org.kindling.model.Activation;
import org.kindling.model.InitialScheme;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;

/** Small models of all variants. */
final class Models {
  static final int V = 23;

  private Models() {}

  static ModelSettings gpt(int layers, int heads, int embedding, int context) {
    return variant(layers, heads, embedding, context, true, true, false, Activation.GELU);
  }

  static ModelSettings variant(
      int layers,
      int heads,
      int embedding,
      int context,
      boolean bias,
      boolean qkvBias,
      boolean tied,
      Activation activation) {
    return new ModelSettings(
        ModelType.GPT, layers, heads, embedding, context, V, 0.1, bias, qkvBias, tied, activation);
  }

  /** A small model of which parts may be missing. */
  static ModelSettings parts(
      int layers,
      int embedding,
      boolean feedForward,
      int width,
      boolean contracts,
      boolean residual,
      boolean layerNorm,
      boolean projection) {
    return new ModelSettings(
        ModelType.GPT,
        layers,
        4,
        embedding,
        70,
        V,
        0.1,
        true,
        false,
        false,
        Activation.RELU,
        feedForward,
        width,
        contracts,
        residual,
        layerNorm,
        projection,
        InitialScheme.GPT2);
  }

  /** Weights far from their start, so that every token of the context matters. */
  static float[] weights(ModelSettings settings) {
    float[] weights = InitialWeights.draw(ParameterLayout.of(settings), 3);
    Random random = new Random(4);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += (float) (0.2 * random.nextGaussian());
    }
    return weights;
  }

  static int[] tokens(int count, long seed) {
    return new Random(seed).ints(count, 0, V).toArray();
  }
}
