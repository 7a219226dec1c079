package org.kindling.spark.corpus;

import java.util.Arrays;
import org.kindling.spark.InputException;

/**
 * The stretches of the corpus that one shard keeps: token positions, ascending in both their begins
 * and their ends, and where each stretch lies among the shard's ids.
 *
 * <p>Example: stretches [10, 14) and [13, 16) are kept as seven ids, at offsets 0 and 4.
 */
final class Extents {
  private final long[] from;

  /**
   * Where each stretch begins among the ids; one more entry than stretches, the last the length.
   */
  private final int[] offsets;

  private Extents(long[] from, int[] offsets) {
    this.from = from;
    this.offsets = offsets;
  }

  /** How many ids the stretches have together. */
  int length() {
    return offsets[from.length];
  }

  /** Where each stretch begins among the ids, and their number as the last entry. */
  int[] offsets() {
    return offsets;
  }

  /** Whether a stretch has a position in [begin, end). */
  boolean meets(long begin, long end) {
    int i = firstEndingAfter(begin);
    return begin < end && i < from.length && from[i] < end;
  }

  /**
   * Of the first {@code size} ids, which are at the positions from {@code position} on, adds those
   * that are kept. Called for all positions in order, it adds all ids in order, since stretches
   * share one position at most, the last of one and the first of the next.
   */
  void keep(long position, int[] ids, int size, TokenIdWriter into) {
    long end = position + size;
    for (int i = firstEndingAfter(position); i < from.length && from[i] < end; i++) {
      long first = Math.max(from[i], position);
      int count = (int) (Math.min(end(i), end) - first);
      into.add(offsets[i] + (int) (first - from[i]), ids, (int) (first - position), count);
    }
  }

  private long end(int i) {
    return from[i] + offsets[i + 1] - offsets[i];
  }

  private int firstEndingAfter(long position) {
    int low = 0;
    int high = from.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end(middle) > position) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Collects stretches in order. */
  static final class Builder {
    private long[] from = new long[4];
    private int[] offsets = new int[5];
    private int size;

    /**
     * Adds [begin, end).
     *
     * @throws InputException if the ids no longer fit one array
     */
    Builder add(long begin, long end) {
      long length = offsets[size] + (end - begin);
      if (length > TokenIds.MAX_LENGTH) {
        throw new InputException(
            "a shard would hold "
                + length
                + " tokens or more, and an array holds at most "
                + TokenIds.MAX_LENGTH
                + ": raise train.shards");
      }
      if (size == from.length) {
        from = Arrays.copyOf(from, 2 * size);
        offsets = Arrays.copyOf(offsets, 2 * size + 1);
      }
      from[size] = begin;
      offsets[++size] = (int) length;
      return this;
    }

    Extents build() {
      return new Extents(Arrays.copyOf(from, size), Arrays.copyOf(offsets, size + 1));
    }
  }
}
