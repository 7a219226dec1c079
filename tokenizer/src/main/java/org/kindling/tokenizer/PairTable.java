package org.kindling.tokenizer;

import java.util.Arrays;

/** What two neighbours merge to, and at which rank: a hash table with open addressing. */
final class PairTable {
  /** Not a merge. As the rank of a pair it is higher than any. */
  static final long NONE = Long.MAX_VALUE;

  private static final long EMPTY = -1;

  private final long[] keys;
  private final long[] values;
  private final int mask;

  PairTable(BytePairVocabulary vocabulary) {
    var merges = vocabulary.merges();
    int slots = Integer.highestOneBit(Math.max(8, merges.size())) * 4;
    keys = new long[slots];
    values = new long[slots];
    mask = slots - 1;
    Arrays.fill(keys, EMPTY);
    for (BytePairVocabulary.Merge merge : merges) {
      put(key(merge.left(), merge.right()), (long) merge.rank() << 32 | merge.result());
    }
  }

  private void put(long key, long value) {
    int slot = slot(key);
    while (keys[slot] != EMPTY && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    if (keys[slot] == EMPTY || value < values[slot]) {
      keys[slot] = key;
      values[slot] = value;
    }
  }

  /**
   * The rank in the upper, the resulting token in the lower 32 bits; {@link #NONE} for no merge.
   */
  long find(int left, int right) {
    long key = key(left, right);
    int slot = slot(key);
    while (true) {
      long found = keys[slot];
      if (found == key) {
        return values[slot];
      }
      if (found == EMPTY) {
        return NONE;
      }
      slot = (slot + 1) & mask;
    }
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }

  private int slot(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & mask;
  }
}
