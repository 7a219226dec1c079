package org.kindling.tokenizer;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The ids of tokens by their bytes: a hash table with open addressing over primitive arrays, since
 * it is asked for nearly every longer pre-token of a text.
 */
final class TokenTable {
  private static final int NONE = -1;

  /** An entry is id, hash, start and length, side by side in one cache line. */
  private static final int HASH = 1;

  private static final int START = 2;
  private static final int LENGTH = 3;
  private static final int WIDTH = 4;

  private final byte[] bytes;
  private final int[] entries;
  private final int mask;

  private TokenTable(BytePairVocabulary vocabulary, IntPredicate isIn) {
    int slots = Integer.highestOneBit(Math.max(8, vocabulary.size())) * 4;
    this.bytes = vocabulary.allBytes();
    this.entries = new int[WIDTH * slots];
    this.mask = slots - 1;
    Arrays.fill(entries, NONE);
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.length(id) > 0 && isIn.test(id)) {
        put(id, vocabulary.start(id), vocabulary.length(id));
      }
    }
  }

  static TokenTable ofAll(BytePairVocabulary vocabulary) {
    return new TokenTable(vocabulary, id -> true);
  }

  static TokenTable of(BytePairVocabulary vocabulary, IntPredicate isIn) {
    return new TokenTable(vocabulary, isIn);
  }

  private void put(int id, int start, int length) {
    int hash = hash(bytes, start, start + length);
    if (find(bytes, start, start + length, hash) != NONE) {
      return; // two ids with the same bytes: the lower one is it
    }
    int slot = hash & mask;
    while (entries[WIDTH * slot] != NONE) {
      slot = (slot + 1) & mask;
    }
    int at = WIDTH * slot;
    entries[at] = id;
    entries[at + HASH] = hash;
    entries[at + START] = start;
    entries[at + LENGTH] = length;
  }

  /** The id of the token with these bytes, or -1. */
  int find(byte[] text, int from, int to) {
    return find(text, from, to, hash(text, from, to));
  }

  /** The same with the hash known. */
  int find(byte[] text, int from, int to, int hash) {
    int length = to - from;
    int slot = hash & mask;
    while (true) {
      int at = WIDTH * slot;
      int id = entries[at];
      if (id == NONE) {
        return NONE;
      }
      if (entries[at + HASH] == hash
          && entries[at + LENGTH] == length
          && isAt(entries[at + START], text, from, length)) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
  }

  /** Most tokens are so short that a plain loop beats Arrays.equals and its checks. */
  private boolean isAt(int start, byte[] text, int from, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[start + i] != text[from + i]) {
        return false;
      }
    }
    return true;
  }

  static int hash(byte[] text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = hash * Utf8Bytes.FOLD ^ text[i];
    }
    return spread(hash);
  }

  /** The hash of bytes that {@link Utf8Bytes} has folded while it wrote them. */
  static int spread(int folded) {
    int mixed = folded * 0x9E3779B9;
    return mixed ^ (mixed >>> 15);
  }
}
