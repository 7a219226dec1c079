package org.kindling.spark.corpus;

import java.util.Arrays;

/**
 * All windows of the validation split, numbered by position, those of them that are evaluated, and
 * their division among shards.
 *
 * <p>A document with n tokens in the split has ceil((n-1) / T) windows. Window j reads its tokens
 * jT to min((j+1)T, n-1) - 1 and is asked for those one further; so each token but the first is a
 * target once. Of W windows, an evaluation with n of them takes floor(i W / n) for i = 0 to n-1.
 */
final class Windows implements Division<WindowShard> {
  private static final long serialVersionUID = 1;

  private final int context;
  private final int shards;
  private final long selected;

  /** First position of each document that has windows, and the position after its last. */
  private final long[] positions;

  private final long[] ends;

  /** Number of each such document's first window, and W as the last entry. */
  private final long[] ordinals;

  private final long longest;

  /**
   * Numbers the windows of positions [begin, end of the corpus).
   *
   * @param documents the documents' first positions, and the number of tokens as the last entry
   * @param context T
   * @param limit how many windows to take; 0 or more than there are: all
   */
  Windows(long[] documents, long begin, int context, int shards, long limit) {
    this.context = context;
    this.shards = shards;
    long[] from = new long[documents.length - 1];
    long[] to = new long[documents.length - 1];
    long[] first = new long[documents.length];
    int size = 0;
    long most = 0;
    for (int d = 0; d + 1 < documents.length; d++) {
      long documentBegin = Math.max(documents[d], begin);
      long tokens = documents[d + 1] - documentBegin;
      most = Math.max(most, tokens);
      if (tokens >= 2) {
        from[size] = documentBegin;
        to[size] = documents[d + 1];
        first[size + 1] = first[size] + (tokens - 2) / context + 1;
        size++;
      }
    }
    positions = Arrays.copyOf(from, size);
    ends = Arrays.copyOf(to, size);
    ordinals = Arrays.copyOf(first, size + 1);
    longest = most;
    selected = limit == 0 ? count() : Math.min(limit, count());
  }

  /** W. */
  long count() {
    return ordinals[positions.length];
  }

  /** How many tokens the split's longest document has. */
  long longest() {
    return longest;
  }

  @Override
  public int shards() {
    return shards;
  }

  @Override
  public Extents extents(int shard) {
    Extents.Builder extents = new Extents.Builder();
    long end = EvenSplit.boundary(selected, shard + 1, shards);
    for (long i = EvenSplit.boundary(selected, shard, shards); i < end; i++) {
      long window = EvenSplit.boundary(count(), i, selected);
      int found = Arrays.binarySearch(ordinals, window);
      int d = found >= 0 ? found : -found - 2;
      long from = positions[d] + (window - ordinals[d]) * context;
      extents.add(from, Math.min(from + context, ends[d] - 1) + 1);
    }
    return extents.build();
  }

  @Override
  public WindowShard shard(int index, Extents extents, TokenIds ids) {
    return new WindowShard(index, context, extents.offsets(), ids);
  }
}
