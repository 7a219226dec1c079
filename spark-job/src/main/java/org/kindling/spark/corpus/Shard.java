package org.kindling.spark.corpus;

import java.io.Serializable;

/**
 * The part of the training split that one summand of the gradient is computed from: a number of
 * chunks, each T+1 consecutive ids of one document. A step draws B/K of them from each of the K
 * shards.
 *
 * <p>Immutable. Chunks overlap, so the shard keeps its stretches of text once and cuts chunks out
 * of them: 1, 2 or 4 bytes a token, and 4 in the heap for each stretch.
 */
public final class Shard implements Serializable {
  private static final long serialVersionUID = 1;

  private final int index;
  private final int context;

  /** Where each stretch begins in the ids. */
  private final int[] offsets;

  private final TokenIds ids;

  Shard(int index, int context, int[] offsets, TokenIds ids) {
    this.index = index;
    this.context = context;
    this.offsets = offsets;
    this.ids = ids;
  }

  /** The shard's number, 0 to K-1. */
  public int index() {
    return index;
  }

  /** How many chunks there are to draw from. */
  public long starts() {
    return firstChunk(offsets.length - 1);
  }

  /** Whether the ids lie in a file and not in the heap. */
  boolean isMapped() {
    return ids.isMapped();
  }

  /**
   * Copies the T+1 ids of a chunk.
   *
   * @param ordinal 0 to {@link #starts()} - 1
   * @param into at least {@code at + T + 1} long
   */
  public void chunk(long ordinal, int[] into, int at) {
    if (ordinal < 0 || ordinal >= starts()) {
      throw new IndexOutOfBoundsException("chunk " + ordinal + " of " + starts());
    }
    int stretch = 0;
    int after = offsets.length - 1;
    while (after - stretch > 1) {
      int middle = (stretch + after) >>> 1;
      if (firstChunk(middle) <= ordinal) {
        stretch = middle;
      } else {
        after = middle;
      }
    }
    int inStretch = (int) (ordinal - firstChunk(stretch));
    ids.copy(offsets[stretch] + inStretch, context + 1, into, at);
  }

  /** The number of a stretch's first chunk: each stretch has T fewer chunks than ids. */
  private long firstChunk(int stretch) {
    return offsets[stretch] - (long) stretch * context;
  }
}
