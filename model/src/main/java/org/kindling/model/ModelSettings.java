package org.kindling.model;

import java.io.Serializable;

/**
 * Everything that decides a model's shape and forward pass.
 *
 * @param type bigram table or transformer; a bigram uses {@code context}, {@code vocabulary} and
 *     {@code initialWeights} only
 * @param layers number of blocks, L
 * @param heads attention heads a block, H; divides {@code embedding}
 * @param embedding size of a token's vector, C
 * @param context longest sequence the model sees, T
 * @param vocabulary number of token ids, V
 * @param dropout probability of dropping a value while training, in [0, 1)
 * @param bias whether layer norms and linear layers have biases
 * @param qkvBias whether the query-key-value projection has a bias
 * @param tiedHead whether the output head shares the token embedding's matrix
 * @param activation the feed-forward layer's nonlinearity
 * @param feedForward whether a block has a feed-forward layer after attention
 * @param feedForwardWidth its inner size as a multiple of {@code embedding}
 * @param feedForwardProjection whether it ends in a linear layer that leads back to C values;
 *     without, its activations are its result, and its width is 1
 * @param residual whether a block adds what its layers compute to what they read
 * @param layerNorm whether there are layer norms, in blocks and before the head
 * @param projection whether a linear layer mixes the heads that attention puts side by side
 * @param initialWeights what weights are before training
 */
public record ModelSettings(
    ModelType type,
    int layers,
    int heads,
    int embedding,
    int context,
    int vocabulary,
    double dropout,
    boolean bias,
    boolean qkvBias,
    boolean tiedHead,
    Activation activation,
    boolean feedForward,
    int feedForwardWidth,
    boolean feedForwardProjection,
    boolean residual,
    boolean layerNorm,
    boolean projection,
    InitialScheme initialWeights)
    implements Serializable {

  public ModelSettings {
    positive("model.context", context);
    positive("vocabulary", vocabulary);
    if (type == ModelType.BIGRAM && (long) vocabulary * vocabulary >= 1L << 29) {
      throw new ModelException(
          "model.type = bigram: its table of %d by %d tokens must have less than 2^29 values"
              .formatted(vocabulary, vocabulary));
    }
    if (type == ModelType.GPT) {
      positive("model.layers", layers);
      positive("model.heads", heads);
      positive("model.embedding", embedding);
      positive("model.feed-forward-width", feedForwardWidth);
      if (embedding % heads != 0) {
        throw new ModelException(
            "model.embedding = %d: must be a multiple of model.heads = %d"
                .formatted(embedding, heads));
      }
      if ((long) embedding * Math.max(vocabulary, context) >= 1L << 29) {
        throw new ModelException(
            "model.embedding = %d: times the vocabulary (%d) and times model.context (%d) it must be less than 2^29"
                .formatted(embedding, vocabulary, context));
      }
      if (feedForwardWidth > Integer.MAX_VALUE / embedding) {
        throw new ModelException(
            "model.feed-forward-width = %d: times model.embedding = %d it must be less than 2^31"
                .formatted(feedForwardWidth, embedding));
      }
      if (feedForward && !feedForwardProjection && feedForwardWidth != 1) {
        throw new ModelException(
            "model.feed-forward-width = %d: must be 1 with model.feed-forward-projection = false"
                .formatted(feedForwardWidth));
      }
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new ModelException("model.dropout = %s: must be in [0, 1)".formatted(dropout));
    }
  }

  /** A model with all parts that GPT-2 has. */
  public ModelSettings(
      ModelType type,
      int layers,
      int heads,
      int embedding,
      int context,
      int vocabulary,
      double dropout,
      boolean bias,
      boolean qkvBias,
      boolean tiedHead,
      Activation activation) {
    this(
        type,
        layers,
        heads,
        embedding,
        context,
        vocabulary,
        dropout,
        bias,
        qkvBias,
        tiedHead,
        activation,
        true,
        4,
        true,
        true,
        true,
        true,
        InitialScheme.GPT2);
  }

  /** Inner size of the feed-forward layer, F = C times its width. */
  public int feedForwardSize() {
    return embedding * feedForwardWidth;
  }

  /** Whether its activation makes zeros, which kernels may skip while it is trained. */
  public boolean makesZeros() {
    return type == ModelType.GPT && feedForward && activation == Activation.RELU;
  }

  /** Size of one head's query, key or value, C / H. */
  public int headSize() {
    return embedding / heads;
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new ModelException("%s = %d: must be at least 1".formatted(name, value));
    }
  }
}
