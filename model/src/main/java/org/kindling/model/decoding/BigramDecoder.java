package org.kindling.model.decoding;

import org.kindling.model.ModelSettings;

/** A bigram's logits are its table's row of the last token: there is nothing to compute or keep. */
final class BigramDecoder extends SlotDecoder {
  private final float[] table;

  BigramDecoder(ModelSettings settings, float[] weights, int slots) {
    super(slots, 1, settings.vocabulary());
    this.table = weights.clone();
  }

  @Override
  public void logits(int[] chosen, int count, float[] into) {
    for (int i = 0; i < count; i++) {
      Window window = windows[chosen[i]];
      System.arraycopy(table, window.token(0) * vocabulary, into, i * vocabulary, vocabulary);
      window.computed(window.length());
    }
  }

  @Override
  public void close() {}
}
