package org.kindling.model.decoding;

import org.kindling.model.ModelSettings;

/** A bigram's logits are its table's row of the last token: there is nothing to compute or keep. */
final class BigramDecoder implements Decoder {
  private final float[] table;
  private final Window[] windows;
  private final int vocabulary;

  BigramDecoder(ModelSettings settings, float[] weights, int slots) {
    this.vocabulary = settings.vocabulary();
    this.table = weights.clone();
    this.windows = new Window[slots];
    java.util.Arrays.setAll(windows, slot -> new Window(1, vocabulary));
  }

  @Override
  public int slots() {
    return windows.length;
  }

  @Override
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public void begin(int slot, int[] prompt) {
    windows[slot].begin(prompt);
  }

  @Override
  public void append(int slot, int token) {
    windows[slot].append(token);
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
