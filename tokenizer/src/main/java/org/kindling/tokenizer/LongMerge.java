package org.kindling.tokenizer;

import java.util.Arrays;

/**
 * The merges of one long pre-token in n log n time: tokens are a linked list over the positions of
 * their first bytes, and pairs lie in a heap ordered by rank and then by position.
 *
 * <p>A pair that is no longer there stays in the heap until it comes up; {@link #ranks} tells.
 */
final class LongMerge {
  private static final int NONE = -1;

  /** Arrays for longer pieces are not kept for the next one. */
  private static final int KEPT = 1 << 14;

  private final PairTable pairs;
  private final int[] byteTokens;
  private int[] tokens;
  private int[] next;
  private int[] previous;

  /** The rank of the pair that begins at a position, or -1. */
  private int[] ranks;

  /** Rank in the upper, position in the lower 32 bits; the smallest on top. */
  private long[] heap;

  private int heapSize;

  LongMerge(PairTable pairs, int[] byteTokens) {
    this.pairs = pairs;
    this.byteTokens = byteTokens;
    reserve(128);
  }

  private void reserve(int size) {
    tokens = new int[size];
    next = new int[size];
    previous = new int[size];
    ranks = new int[size];
    heap = new long[size];
  }

  /** Adds the tokens of the bytes [from, to). */
  void run(byte[] text, int from, int to, TokenBuffer into) {
    int size = to - from;
    if (size > tokens.length) {
      reserve(Math.max(size, Math.min(2 * tokens.length, KEPT)));
    }
    heapSize = 0;
    for (int i = 0; i < size; i++) {
      tokens[i] = byteTokens[text[from + i] & 0xFF];
      next[i] = i + 1 < size ? i + 1 : NONE;
      previous[i] = i - 1;
    }
    for (int i = 0; i < size; i++) {
      look(i);
    }
    while (heapSize > 0) {
      long top = pop();
      int at = (int) top;
      if (ranks[at] == (int) (top >>> 32)) {
        join(at);
      }
    }
    for (int i = 0; i != NONE; i = next[i]) {
      into.add(tokens[i]);
    }
    if (tokens.length > KEPT) {
      reserve(128);
    }
  }

  /** Puts the pair that begins at a position into the heap, if it merges. */
  private void look(int at) {
    int right = next[at];
    long merge = right == NONE ? PairTable.NONE : pairs.find(tokens[at], tokens[right]);
    if (merge == PairTable.NONE) {
      ranks[at] = NONE;
    } else {
      ranks[at] = (int) (merge >>> 32);
      push(merge & 0xFFFFFFFF_00000000L | at);
    }
  }

  private void join(int at) {
    int right = next[at];
    tokens[at] = (int) pairs.find(tokens[at], tokens[right]);
    ranks[right] = NONE;
    next[at] = next[right];
    if (next[at] != NONE) {
      previous[next[at]] = at;
    }
    look(at);
    if (previous[at] != NONE) {
      look(previous[at]);
    }
  }

  private void push(long entry) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, 2 * heapSize);
    }
    int at = heapSize++;
    while (at > 0 && heap[(at - 1) / 2] > entry) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = entry;
  }

  private long pop() {
    long top = heap[0];
    long last = heap[--heapSize];
    int at = 0;
    while (2 * at + 1 < heapSize) {
      int child = 2 * at + 1;
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= last) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
