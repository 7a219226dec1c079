package org.kindling.model.decoding;

/** What both decoders have of their slots: the last tokens of each one's sequence. */
abstract sealed class SlotDecoder implements Decoder permits BigramDecoder, GptDecoder {
  final Window[] windows;
  final int vocabulary;

  /**
   * @param context T, of how many tokens a sequence is seen
   */
  SlotDecoder(int slots, int context, int vocabulary) {
    this.windows = new Window[slots];
    this.vocabulary = vocabulary;
    for (int slot = 0; slot < slots; slot++) {
      windows[slot] = new Window(context, vocabulary);
    }
  }

  @Override
  public final int slots() {
    return windows.length;
  }

  @Override
  public final int vocabulary() {
    return vocabulary;
  }

  @Override
  public void begin(int slot, int[] prompt) {
    windows[slot].begin(prompt);
  }

  @Override
  public final void append(int slot, int token) {
    windows[slot].append(token);
  }
}
