package org.kindling.spark.corpus;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The part of the training split that one gradient slot draws from: a number of chunks, each T+1
 * consecutive ids of one document.
 *
 * <p>Immutable. Chunks overlap, so the shard keeps its stretches of text once and cuts chunks out
 * of them: 1, 2 or 4 bytes a token.
 */
public final class Shard implements Serializable {
  private static final long serialVersionUID = 1;

  private final int index;
  private final int context;

  /** Where each stretch begins in the ids. */
  private final int[] offsets;

  /** Number of each stretch's first chunk, and the number of chunks as the last entry. */
  private final int[] ordinals;

  private final TokenIds ids;

  Shard(int index, int context, int[] offsets, TokenIds ids) {
    this.index = index;
    this.context = context;
    this.offsets = offsets;
    this.ids = ids;
    ordinals = new int[offsets.length];
    for (int i = 0; i + 1 < offsets.length; i++) {
      ordinals[i + 1] = ordinals[i] + offsets[i + 1] - offsets[i] - context;
    }
  }

  /** The shard's number, 0 to K-1. */
  public int index() {
    return index;
  }

  /** How many chunks there are to draw from. */
  public long starts() {
    return ordinals[ordinals.length - 1];
  }

  /** How many ids are kept. */
  public int tokens() {
    return ids.length();
  }

  /**
   * Copies the T+1 ids of a chunk.
   *
   * @param ordinal 0 to {@link #starts()} - 1, for instance of {@link ChunkSampler#ordinal}
   * @param into at least {@code at + T + 1} long
   */
  public void chunk(long ordinal, int[] into, int at) {
    if (ordinal < 0 || ordinal >= starts()) {
      throw new IndexOutOfBoundsException("chunk " + ordinal + " of " + starts());
    }
    int found = Arrays.binarySearch(ordinals, (int) ordinal);
    int stretch = found >= 0 ? found : -found - 2;
    ids.copy(offsets[stretch] + (int) ordinal - ordinals[stretch], context + 1, into, at);
  }
}
