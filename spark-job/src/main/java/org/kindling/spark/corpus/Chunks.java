package org.kindling.spark.corpus;

import java.util.Arrays;
import org.kindling.spark.InputException;

/**
 * All chunks of the training split, numbered by position, and their division among K shards.
 *
 * <p>A chunk is T+1 consecutive tokens of one document, within the split. A document with n tokens
 * in the split has n - T chunks, or none if it is too short. Shard k of K gets the chunks [floor(k
 * M / K), floor((k+1) M / K)) of all M.
 */
final class Chunks implements Division<Shard> {
  private static final long serialVersionUID = 1;

  private final int context;
  private final int shards;

  /** Position of the first token of each document that has chunks. */
  private final long[] positions;

  /** Number of each such document's first chunk, and M as the last entry. */
  private final long[] ordinals;

  private final int tooShort;
  private final long longest;

  /**
   * Numbers the chunks of positions [0, end).
   *
   * @param documents the documents' first positions, and the number of tokens as the last entry
   * @param context T
   * @param shards K
   */
  Chunks(long[] documents, long end, int context, int shards) {
    this.context = context;
    this.shards = shards;
    long[] from = new long[documents.length - 1];
    long[] first = new long[documents.length];
    int size = 0;
    int without = 0;
    long most = 0;
    for (int d = 0; d + 1 < documents.length && documents[d] < end; d++) {
      long tokens = Math.min(documents[d + 1], end) - documents[d];
      most = Math.max(most, tokens);
      if (tokens > context) {
        from[size] = documents[d];
        first[size + 1] = first[size] + tokens - context;
        size++;
      } else {
        without++;
      }
    }
    positions = Arrays.copyOf(from, size);
    ordinals = Arrays.copyOf(first, size + 1);
    tooShort = without;
    longest = most;
  }

  /** M. */
  long count() {
    return ordinals[positions.length];
  }

  /** How many documents of the split have no chunk. */
  int tooShort() {
    return tooShort;
  }

  /**
   * Checks that each shard has a chunk.
   *
   * @throws InputException if not
   */
  void requireOnePerShard() {
    String rule = "model.context + 1 = " + (context + 1);
    if (count() == 0) {
      throw new InputException(
          "the training split has "
              + longest
              + " tokens in its longest document; a chunk needs "
              + rule);
    }
    if (count() < shards) {
      throw new InputException(
          "the training split has "
              + count()
              + " chunks of "
              + rule
              + " tokens; train.shards = "
              + shards
              + " needs at least one for each");
    }
  }

  @Override
  public int shards() {
    return shards;
  }

  @Override
  public Extents extents(int shard) {
    long first = EvenSplit.boundary(count(), shard, shards);
    long end = EvenSplit.boundary(count(), shard + 1, shards);
    Extents.Builder extents = new Extents.Builder();
    int found = Arrays.binarySearch(ordinals, first);
    for (int d = found >= 0 ? found : -found - 2; d < positions.length && ordinals[d] < end; d++) {
      long from = positions[d] + Math.max(first - ordinals[d], 0);
      long lastChunk = positions[d] + Math.min(end, ordinals[d + 1]) - ordinals[d] - 1;
      extents.add(from, lastChunk + context + 1);
    }
    return extents.build();
  }

  @Override
  public Shard shard(int index, Extents extents, TokenIds ids) {
    return new Shard(index, context, extents.offsets(), ids);
  }
}
