package org.kindling.model.sampling;

import java.util.Arrays;

/**
 * Token ids by falling logits; among equals the smaller id comes first.
 *
 * <p>A token is one long, its logit's bits turned so that they sort as numbers do, falling, above
 * its id; so sorting compares numbers and makes no objects.
 */
public final class Ranking {
  private long[] keys = new long[0];

  /**
   * Finds the largest logits.
   *
   * @param logits V of them
   * @param count how many ranks to fill, 1 to V; what {@link #token} says of others is open
   */
  public void rank(float[] logits, int count) {
    if (keys.length != logits.length) {
      keys = new long[logits.length];
    }
    for (int id = 0; id < keys.length; id++) {
      keys[id] = key(logits[id], id);
    }
    if (count < keys.length / 8) {
      sift(count);
    } else {
      Arrays.sort(keys);
    }
  }

  /** Bits of negative numbers fall as the numbers rise, and their sign makes them the largest. */
  private static long key(float logit, int id) {
    int bits = Float.floatToIntBits(logit + 0f); // which makes -0 a 0, its equal
    int rising = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ((long) ~rising << 32) | id;
  }

  /** The smallest keys to the front: few are smaller than the largest of those found so far. */
  private void sift(int count) {
    Arrays.sort(keys, 0, count);
    for (int i = count; i < keys.length; i++) {
      long key = keys[i];
      if (key < keys[count - 1]) {
        int place = -Arrays.binarySearch(keys, 0, count, key) - 1;
        long pushedOut = keys[count - 1];
        System.arraycopy(keys, place, keys, place + 1, count - 1 - place);
        keys[place] = key;
        keys[i] = pushedOut;
      }
    }
  }

  /** The id of a rank, from 0 for the largest logit. */
  public int token(int rank) {
    return (int) keys[rank];
  }
}
