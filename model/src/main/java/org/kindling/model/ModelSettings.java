package org.kindling.model;

import java.io.Serializable;

/**
 * Everything that decides a model's shape and forward pass.
 *
 * @param type bigram table or transformer; a bigram uses {@code context} and {@code vocabulary}
 *     only
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
    Activation activation)
    implements Serializable {

  public ModelSettings {
    positive("model.context", context);
    positive("vocabulary", vocabulary);
    if (type == ModelType.GPT) {
      positive("model.layers", layers);
      positive("model.heads", heads);
      positive("model.embedding", embedding);
      if (embedding % heads != 0) {
        throw new ModelException(
            "model.embedding = %d: must be a multiple of model.heads = %d"
                .formatted(embedding, heads));
      }
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new ModelException("model.dropout = %s: must be in [0, 1)".formatted(dropout));
    }
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
