package org.kindling.tokenizer;

/**
 * Merges the bytes of one pre-token after another: always the pair of the lowest rank, the leftmost
 * of several. Holds scratch arrays, so each thread has its own.
 *
 * <p>Worked example: with the merges {@code l+o}, {@code lo+w} in this order, {@code "slow"} goes
 * {@code s l o w}, {@code s lo w}, {@code s low}.
 *
 * <p>There are two ways to the same result. Nearly all pre-tokens are a few bytes long, where
 * looking through an array of pairs each time is fastest. That would take quadratic time over a
 * long one, which goes through a heap of pairs and a linked list instead: n log n.
 */
final class Merger {
  private static final int SHORT = 40;

  private final PairTable pairs;
  private final int[] byteTokens;

  /** The tokens so far, and what each would merge to with the next. */
  private final int[] tokens = new int[SHORT];

  private final long[] merges = new long[SHORT];

  private final LongMerge longMerge;

  Merger(PairTable pairs, int[] byteTokens) {
    this.longMerge = new LongMerge(pairs, byteTokens);
    this.pairs = pairs;
    this.byteTokens = byteTokens;
  }

  /** Adds the tokens of the bytes [from, to). */
  void merge(byte[] text, int from, int to, TokenBuffer into) {
    if (to - from <= SHORT) {
      mergeShort(text, from, to, into);
    } else {
      longMerge.run(text, from, to, into);
    }
  }

  private void mergeShort(byte[] text, int from, int to, TokenBuffer into) {
    int size = to - from;
    for (int i = 0; i < size; i++) {
      tokens[i] = byteTokens[text[from + i] & 0xFF];
    }
    for (int i = 0; i + 1 < size; i++) {
      merges[i] = pairs.find(tokens[i], tokens[i + 1]);
    }
    while (true) {
      long best = PairTable.NONE;
      int at = -1;
      for (int i = 0; i + 1 < size; i++) {
        if (merges[i] < best) {
          best = merges[i];
          at = i;
        }
      }
      if (at < 0) {
        break;
      }
      tokens[at] = (int) best;
      size--;
      for (int i = at + 1; i < size; i++) {
        tokens[i] = tokens[i + 1];
        merges[i - 1] = merges[i];
      }
      if (at + 1 < size) {
        merges[at] = pairs.find(tokens[at], tokens[at + 1]);
      }
      if (at > 0) {
        merges[at - 1] = pairs.find(tokens[at - 1], tokens[at]);
      }
    }
    for (int i = 0; i < size; i++) {
      into.add(tokens[i]);
    }
  }
}
