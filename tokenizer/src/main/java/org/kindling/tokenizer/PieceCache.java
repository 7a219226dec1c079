package org.kindling.tokenizer;

import java.util.Arrays;

/**
 * The tokens of pre-tokens that were merged lately, since the same names and rare words come again
 * and again. One entry a slot, the latest; all memory is there from the start. For one thread.
 */
final class PieceCache {
  private static final int SLOTS = 1 << 12;
  private static final int MOST_BYTES = 24;
  private static final int MOST_TOKENS = 7;

  private final byte[] bytes = new byte[SLOTS * MOST_BYTES];

  /** Each slot's number of bytes; 0 for a free one. */
  private final byte[] lengths = new byte[SLOTS];

  /** Each slot's number of tokens, and the tokens. */
  private final int[] tokens = new int[SLOTS * (1 + MOST_TOKENS)];

  /** Adds the tokens of these bytes, if they are known. */
  boolean find(byte[] text, int length, int hash, TokenBuffer into) {
    int slot = slot(hash);
    int at = slot * MOST_BYTES;
    if (lengths[slot] != length || !Arrays.equals(bytes, at, at + length, text, 0, length)) {
      return false;
    }
    int first = slot * (1 + MOST_TOKENS);
    for (int i = 1; i <= tokens[first]; i++) {
      into.add(tokens[first + i]);
    }
    return true;
  }

  /** Keeps the tokens of these bytes: those of {@code from} from {@code first} on. */
  void keep(byte[] text, int length, int hash, TokenBuffer from, int first) {
    int count = from.size() - first;
    if (length > MOST_BYTES || count > MOST_TOKENS) {
      return;
    }
    int slot = slot(hash);
    System.arraycopy(text, 0, bytes, slot * MOST_BYTES, length);
    lengths[slot] = (byte) length;
    tokens[slot * (1 + MOST_TOKENS)] = count;
    System.arraycopy(from.array(), first, tokens, slot * (1 + MOST_TOKENS) + 1, count);
  }

  private static int slot(int hash) {
    return hash & (SLOTS - 1);
  }
}
