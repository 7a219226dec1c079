package org.kindling.tokenizer.learning;

import java.util.Arrays;

/**
 * Pairs, the most frequent on top. An entry keeps the count that the pair had when it came in; one
 * whose count has changed since is put in again at its new place when it comes up.
 */
final class PairHeap {
  private final PairCounts pairs;
  private int[] entries = new int[1 << 10];
  private long[] counts = new long[1 << 10];
  private int size;

  PairHeap(PairCounts pairs) {
    this.pairs = pairs;
  }

  /** Puts a pair in with the count that it has now. */
  void push(int pair) {
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    rise(size++, pair, pairs.count(pair));
  }

  /** Takes the most frequent pair off, or -1 if there is none. */
  int pop() {
    while (size > 0) {
      int pair = entries[0];
      long count = counts[0];
      removeTop();
      if (count == pairs.count(pair)) {
        return pair;
      }
      if (count > pairs.count(pair) && pairs.count(pair) > 0) {
        push(pair);
      }
    }
    return -1;
  }

  private void rise(int from, int pair, long count) {
    int at = from;
    while (at > 0 && isBefore(pair, count, (at - 1) / 2)) {
      set(at, (at - 1) / 2);
      at = (at - 1) / 2;
    }
    entries[at] = pair;
    counts[at] = count;
  }

  private void removeTop() {
    int pair = entries[--size];
    long count = counts[size];
    int at = 0;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && isBefore(entries[child + 1], counts[child + 1], child)) {
        child++;
      }
      if (isBefore(pair, count, child)) {
        break;
      }
      set(at, child);
      at = child;
    }
    entries[at] = pair;
    counts[at] = count;
  }

  private void set(int to, int from) {
    entries[to] = entries[from];
    counts[to] = counts[from];
  }

  private boolean isBefore(int pair, long count, int other) {
    return count != counts[other] ? count > counts[other] : pairs.isSmaller(pair, entries[other]);
  }
}
