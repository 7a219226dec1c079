package org.kindling.tokenizer.learning;

import org.kindling.tokenizer.PreTokenCounts;
import org.kindling.tokenizer.TokenizerException;

/**
 * All distinct pre-tokens as tokens, in one array with an entry for each of their bytes, so that a
 * word is no object.
 *
 * <p>A token stands where its first byte is. If it has more than one byte, its last entry has its
 * length, negative, so that the token before another one is found as fast as the token after it.
 * Between words is an entry that is neither. Worked example: {@code low}, merged to {@code lo w},
 * and {@code a} are
 *
 * <pre>
 * place      0    1    2    3    4    5
 * entry     lo   -2    w  END    a  END
 * </pre>
 */
final class Words {
  private static final int END = Integer.MIN_VALUE;

  /** The word of a place is the one in this table, or one that begins behind it. */
  private static final int STRIDE = 16;

  private final LearnedTokens tokens;
  private final int[] entries;

  /** How often each word occurs. */
  private final long[] counts;

  /** The word that each {@value #STRIDE}th place belongs to. */
  private final int[] words;

  /** Takes a pair of neighbours, the place of the left one, and how often its word occurs. */
  @FunctionalInterface
  interface PairConsumer {
    void accept(int left, int right, int at, long count);
  }

  Words(PreTokenCounts preTokens, LearnedTokens tokens) {
    this.tokens = tokens;
    long places = (long) preTokens.distinctBytes() + preTokens.size();
    if (places > Integer.MAX_VALUE - 8) {
      throw new TokenizerException(
          "%d distinct pre-tokens have %d bytes in all; with one more for each they must be fewer than 2^31: learn from a part of the text"
              .formatted(preTokens.size(), preTokens.distinctBytes()));
    }
    this.entries = new int[(int) places];
    this.counts = new long[preTokens.size()];
    this.words = new int[entries.length / STRIDE + 1];
    int[] at = {0, 0}; // place, word
    preTokens.forEach(
        (bytes, from, to, count) -> {
          for (int i = from; i < to; i++) {
            put(at[0]++, at[1], tokens.ofByte(bytes[i] & 0xFF));
          }
          put(at[0]++, at[1], END);
          counts[at[1]++] = count;
        });
  }

  private void put(int at, int word, int entry) {
    entries[at] = entry;
    if (at % STRIDE == 0) {
      words[at / STRIDE] = word;
    }
  }

  /** Gives all pairs of neighbours, in the order of places. */
  void forEachPair(PairConsumer consumer) {
    int word = 0;
    for (int at = 0; at + 1 < entries.length; at++) {
      if (entries[at] == END) {
        word++;
      } else if (entries[at + 1] != END) {
        consumer.accept(entries[at], entries[at + 1], at, counts[word]);
      }
    }
  }

  /** The token that begins at a place; negative if none does. */
  int token(int at) {
    return entries[at];
  }

  /** How often the word occurs that this place belongs to. */
  long count(int at) {
    int word = words[at / STRIDE];
    for (int i = at / STRIDE * STRIDE; i < at; i++) {
      if (entries[i] == END) {
        word++;
      }
    }
    return counts[word];
  }

  /** Where the next token of the word begins; -1 behind the last, or where no token begins. */
  int next(int at) {
    if (entries[at] < 0) {
      return -1;
    }
    int next = at + tokens.length(entries[at]);
    return entries[next] == END ? -1 : next;
  }

  /** Where the token before this one begins, or -1. */
  int previous(int at) {
    if (at == 0 || entries[at - 1] == END) {
      return -1;
    }
    return entries[at - 1] >= 0 ? at - 1 : at + entries[at - 1];
  }

  /** Makes the tokens at a place and after it one. */
  void join(int at, int second, int joined) {
    entries[second] = -1; // no token begins here any more
    entries[at] = joined;
    int length = tokens.length(joined);
    entries[at + length - 1] = -length;
  }
}
