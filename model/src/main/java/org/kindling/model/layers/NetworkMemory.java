package org.kindling.model.layers;

import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;

/**
 * What a network keeps besides weights and gradients, known before it is made: a line for each
 * array of {@link Bigram}, {@link Transformer}, {@link Block} and {@link CausalAttention}.
 *
 * @param activations values in the arena
 * @param masked values that dropout has a mask for
 */
public record NetworkMemory(long activations, long masked) {
  /**
   * The memory of a network for full-length sequences.
   *
   * @param sequences B
   */
  public static NetworkMemory of(ModelSettings settings, int sequences) {
    long n = (long) sequences * settings.context();
    if (settings.type() == ModelType.BIGRAM) {
      return new NetworkMemory(n * settings.vocabulary(), 0);
    }
    long nc = n * settings.embedding();
    long block = block(settings, sequences);
    long activations =
        scratch(settings, sequences)
            + nc // x
            + settings.layers() * block
            + norm(settings, n) // ln_f
            + n * settings.vocabulary(); // logits
    long masked = nc + settings.layers() * maskedInBlock(settings, sequences);
    return new NetworkMemory(activations, settings.dropout() > 0 ? masked : 0);
  }

  /** Gradients, which all blocks use in turn. */
  private static long scratch(ModelSettings settings, int sequences) {
    long n = (long) sequences * settings.context();
    long nc = n * settings.embedding();
    int copies = settings.dropout() > 0 ? 1 : 0;
    long attention = CausalAttention.Scratch.size(sequences, settings.heads(), settings.context());
    return nc // d
        + nc // branch
        + nc // normed
        + 3 * nc // qkv
        + n * settings.feedForwardSize() // wide
        + copies * nc // dropped
        + copies * attention // probabilities after dropout
        + attention; // gradient at the probabilities
  }

  private static long block(ModelSettings settings, int sequences) {
    long n = (long) sequences * settings.context();
    long nc = n * settings.embedding();
    long pairs = CausalAttention.pairs(settings.context());
    long attention =
        norm(settings, n) // ln_1
            + 3 * nc // qkv
            + nc // mixed
            + pairs * sequences * settings.heads() // probabilities
            + pairs // which keys are in the future
            + (settings.projection() ? nc : 0); // sum
    if (!settings.feedForward()) {
      return attention;
    }
    return attention
        + norm(settings, n) // ln_2
        + n * settings.feedForwardSize() // wide
        + n * settings.feedForwardSize() // active
        + (settings.feedForwardProjection() ? nc : 0); // sum
  }

  /** Rows normed, their means and variances. */
  private static long norm(ModelSettings settings, long n) {
    return settings.layerNorm() ? n * settings.embedding() + n + n : 0;
  }

  private static long maskedInBlock(ModelSettings settings, int sequences) {
    long nc = (long) sequences * settings.context() * settings.embedding();
    return CausalAttention.pairs(settings.context()) * sequences * settings.heads() // attention
        + nc // end of the first branch
        + (settings.feedForward() ? nc : 0); // end of the second
  }
}
