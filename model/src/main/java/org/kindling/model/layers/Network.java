package org.kindling.model.layers;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A model from ids to logits and back. */
public sealed interface Network permits Bigram, Transformer {
  /** (N, V): written by forward; the caller replaces them by their gradient before backward. */
  INDArray logits();

  /** Computes the logits of the ids; with dropout if training. */
  void forward(boolean training);

  /** Adds to the gradients of all parameters. */
  void backward();

  /**
   * How much each token took from each other one in the last forward pass, before dropout.
   *
   * @param layer 0 to L - 1; a bigram has none
   * @param into (B, H, T, T): of a sequence and a head, a row for each token, its probabilities of
   *     tokens 0 to T - 1
   */
  void attention(int layer, float[][][][] into);

  /** The network of the build's settings, reading N ids from that array at each pass. */
  static Network of(Build build, int[] ids) {
    return switch (build.settings().type()) {
      case BIGRAM -> new Bigram(build, ids);
      case GPT -> new Transformer(build, ids);
    };
  }
}
