package org.kindling.spark.corpus;

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
  private final Numbering numbering;
  private final long tooShort;
  private final long longest;

  /**
   * Numbers the chunks of positions [0, end).
   *
   * @param context T
   * @param shards K
   */
  Chunks(DocumentLengths documents, long end, int context, int shards) {
    this.context = context;
    this.shards = shards;
    long without = 0;
    long most = 0;
    DocumentLengths.Cursor cursor = documents.cursor();
    while (cursor.next() && cursor.begin() < end) {
      long tokens = Math.min(cursor.end(), end) - cursor.begin();
      most = Math.max(most, tokens);
      without += tokens > context ? 0 : 1;
    }
    tooShort = without;
    longest = most;
    numbering =
        new Numbering(documents, (from, to) -> Math.max(0, Math.min(to, end) - from - context));
  }

  /** M. */
  long count() {
    return numbering.total();
  }

  /** How many documents of the split have no chunk. */
  long tooShort() {
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
    long end = EvenSplit.boundary(count(), shard + 1, shards);
    Extents.Builder extents = new Extents.Builder();
    Numbering.Walk walk = numbering.walk();
    for (long next = EvenSplit.boundary(count(), shard, shards); next < end; next = walk.after()) {
      walk.to(next);
      long from = walk.begin() + next - walk.first();
      long lastChunk = walk.begin() + Math.min(end, walk.after()) - walk.first() - 1;
      extents.add(from, lastChunk + context + 1);
    }
    return extents.build();
  }

  @Override
  public Shard shard(int index, Extents extents, TokenIds ids) {
    return new Shard(index, context, extents.offsets(), ids);
  }
}
