package org.kindling.model.decoding;

import org.kindling.model.ModelSettings;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;

/**
 * A model that continues up to S sequences at once, each in a slot.
 *
 * <ol>
 *   <li>{@link #begin} gives a slot a prompt, {@link #append} a chosen token.
 *   <li>{@link #logits} computes what was given, for several slots together.
 *   <li>A slot is taken again by the next {@code begin}.
 *   <li>{@link #close} frees what lies outside the Java heap.
 * </ol>
 *
 * <p>A sequence longer than T is seen from its last T tokens on, at positions 0 to T - 1. Positions
 * are learned and absolute, so every token after the T-th moves all others, nothing kept of them
 * holds any longer, and its logits cost as much as a prompt of T tokens.
 *
 * <p><b>Bits.</b> A slot's logits depend on its own tokens, what of them was the prompt and what
 * was appended (and on the kernels and the type of CPU) alone: not on the slot, nor on what other
 * slots compute at the same time or before.
 *
 * <p>Used by one thread at a time. Computing allocates nothing outside the heap, except where a
 * number of rows or a block of positions comes up for the first time.
 */
public sealed interface Decoder extends AutoCloseable permits SlotDecoder {

  /**
   * A decoder of a model.
   *
   * @param weights the flat vector of P weights, which is copied
   * @param slots S, at least 1
   */
  static Decoder of(ModelSettings settings, float[] weights, int slots, KernelChoice choice) {
    if (slots < 1) {
      throw new IllegalArgumentException("%d slots: must be at least 1".formatted(slots));
    }
    return switch (settings.type()) {
      case BIGRAM -> new BigramDecoder(settings, weights, slots);
      case GPT -> new GptDecoder(settings, weights, slots, KernelChooser.make(choice));
    };
  }

  /** What such a decoder takes outside the Java heap; a bigram takes nothing. In bytes. */
  static long bytes(ModelSettings settings, int slots) {
    return DecodingMemory.of(settings, slots).bytes();
  }

  /** S. */
  int slots();

  /** V. */
  int vocabulary();

  /**
   * Starts another sequence in a slot. Nothing is computed yet.
   *
   * @param prompt at least one id; of more than T, the last T count
   */
  void begin(int slot, int[] prompt);

  /** Adds a token to a slot's sequence; once between two calls of {@link #logits} for it. */
  void append(int slot, int token);

  /**
   * The logits of the tokens that come next.
   *
   * @param chosen slots with a sequence, each at most once
   * @param count how many of them
   * @param into (count, V), in the order of the slots given
   */
  void logits(int[] chosen, int count, float[] into);

  @Override
  void close();
}
