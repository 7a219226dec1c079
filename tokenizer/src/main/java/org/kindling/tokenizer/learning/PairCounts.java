package org.kindling.tokenizer.learning;

import java.util.Arrays;

/**
 * How often each pair of neighbours occurs, and at which places: a hash table from two tokens to a
 * number, by which all else is found.
 */
final class PairCounts {
  private static final int[] NOWHERE = {};

  private long[] keys = new long[1 << 12];
  private long[] counts = new long[1 << 12];

  /** Places where the pair has come to stand; some may have gone to another pair since. */
  private int[][] places = new int[1 << 12][];

  private int[] placesSize = new int[1 << 12];
  private int size;

  /** Pair + 1 at its hash's slot, 0 where it is free. */
  private int[] slots = new int[1 << 14];

  /** The number of pairs that have occurred. */
  int size() {
    return size;
  }

  int left(int pair) {
    return (int) (keys[pair] >>> 32);
  }

  int right(int pair) {
    return (int) keys[pair];
  }

  long count(int pair) {
    return counts[pair];
  }

  /** Whether a pair's left id, or else its right id, is smaller than another pair's. */
  boolean isSmaller(int pair, int other) {
    return keys[pair] < keys[other]; // ids are not negative
  }

  /** Adds {@code count} occurrences at one place and returns the pair's number. */
  int add(int left, int right, int at, long count) {
    int pair = numberOf((long) left << 32 | right);
    counts[pair] = Math.addExact(counts[pair], count);
    int used = placesSize[pair]++;
    if (used == places[pair].length) {
      places[pair] = Arrays.copyOf(places[pair], Math.max(2, used + (used >> 1) + 1));
    }
    places[pair][used] = at;
    return pair;
  }

  void subtract(int left, int right, long count) {
    int pair = numberOf((long) left << 32 | right);
    counts[pair] -= count;
    if (counts[pair] == 0) {
      places[pair] = NOWHERE; // all of them have gone to other pairs
      placesSize[pair] = 0;
    }
  }

  /** The pair's places in ascending order; it has none from here on. */
  int[] takePlaces(int pair) {
    int[] taken = Arrays.copyOf(places[pair], placesSize[pair]);
    places[pair] = NOWHERE;
    placesSize[pair] = 0;
    for (int i = 1; i < taken.length; i++) {
      if (taken[i - 1] > taken[i]) { // two merges gave the same token, one after the other
        Arrays.sort(taken);
        break;
      }
    }
    return taken;
  }

  /** Says that the pair is nowhere any more. */
  void clear(int pair) {
    counts[pair] = 0;
  }

  private int numberOf(long key) {
    int mask = slots.length - 1;
    int slot = hash(key) & mask;
    while (slots[slot] != 0) {
      int pair = slots[slot] - 1;
      if (keys[pair] == key) {
        return pair;
      }
      slot = (slot + 1) & mask;
    }
    if (size == keys.length) {
      grow();
    }
    keys[size] = key;
    places[size] = NOWHERE;
    slots[slot] = ++size;
    if (size > slots.length / 2) {
      hashAgain();
    }
    return size - 1;
  }

  private void grow() {
    int wanted = size + (size >> 1);
    keys = Arrays.copyOf(keys, wanted);
    counts = Arrays.copyOf(counts, wanted);
    places = Arrays.copyOf(places, wanted);
    placesSize = Arrays.copyOf(placesSize, wanted);
  }

  private void hashAgain() {
    slots = new int[2 * slots.length];
    int mask = slots.length - 1;
    for (int pair = 0; pair < size; pair++) {
      int slot = hash(keys[pair]) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = pair + 1;
    }
  }

  private static int hash(long key) {
    return (int) (key * 0x9E3779B97F4A7C15L >>> 32);
  }
}
