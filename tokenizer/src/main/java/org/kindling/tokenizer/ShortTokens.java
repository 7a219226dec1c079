package org.kindling.tokenizer;

/**
 * The ids of tokens of up to seven ASCII characters, which most pre-tokens of most texts are: bytes
 * and length as one number, compared at once and found with one load.
 *
 * <p>Worked example: {@code " to"} is the key 0x03000000_0020746F.
 */
final class ShortTokens {
  static final int LONGEST = 7;
  private static final int LENGTH_SHIFT = 56;

  /** Key and id side by side, so that both are in one cache line; key 0 is a free slot. */
  private final long[] slots;

  private final int mask;

  /** The table of all tokens that {@code whole} finds. */
  ShortTokens(BytePairVocabulary vocabulary, TokenTable whole) {
    int count = Integer.highestOneBit(Math.max(8, vocabulary.size())) * 2;
    slots = new long[2 * count];
    mask = count - 1;
    for (int id = 0; id < vocabulary.size(); id++) {
      int start = vocabulary.start(id);
      int length = vocabulary.length(id);
      long key = key(vocabulary.allBytes(), start, length);
      if (key != 0 && whole.find(vocabulary.allBytes(), start, start + length) == id) {
        put(key, id);
      }
    }
  }

  private static long key(byte[] bytes, int start, int length) {
    if (length == 0 || length > LONGEST) {
      return 0;
    }
    long key = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[start + i] < 0) {
        return 0;
      }
      key = key << 8 | bytes[start + i];
    }
    return key | (long) length << LENGTH_SHIFT;
  }

  private void put(long key, int id) {
    int slot = slot(key);
    while (slots[2 * slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[2 * slot] = key;
    slots[2 * slot + 1] = id;
  }

  /** The id of the chars [from, to), at most seven, or -1 if they are not ASCII or no token. */
  int find(char[] text, int from, int to) {
    long key = 0;
    int all = 0;
    for (int i = from; i < to; i++) {
      key = key << 8 | text[i];
      all |= text[i];
    }
    if (all >= 0x80) {
      return -1;
    }
    key |= (long) (to - from) << LENGTH_SHIFT;
    int slot = slot(key);
    while (true) {
      long found = slots[2 * slot];
      if (found == key) {
        return (int) slots[2 * slot + 1];
      }
      if (found == 0) {
        return -1;
      }
      slot = (slot + 1) & mask;
    }
  }

  private int slot(long key) {
    return (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
  }
}
