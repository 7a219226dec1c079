package org.kindling.spark.corpus;

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

  /** The split's first position. */
  private final long begin;

  private final Numbering numbering;
  private final long longest;

  /**
   * Numbers the windows of positions [begin, end of the corpus).
   *
   * @param context T
   * @param limit how many windows to take; 0 or more than there are: all
   */
  Windows(DocumentLengths documents, long begin, int context, int shards, long limit) {
    this.context = context;
    this.shards = shards;
    this.begin = begin;
    long most = 0;
    DocumentLengths.Cursor cursor = documents.cursor();
    while (cursor.next()) {
      most = Math.max(most, cursor.end() - Math.max(cursor.begin(), begin));
    }
    longest = most;
    numbering =
        new Numbering(
            documents,
            (from, to) -> {
              long tokens = to - Math.max(from, begin);
              return tokens >= 2 ? (tokens - 2) / context + 1 : 0;
            });
    selected = limit == 0 ? count() : Math.min(limit, count());
  }

  /** W. */
  long count() {
    return numbering.total();
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
    Numbering.Walk walk = numbering.walk();
    long end = EvenSplit.boundary(selected, shard + 1, shards);
    for (long i = EvenSplit.boundary(selected, shard, shards); i < end; i++) {
      long window = EvenSplit.boundary(count(), i, selected);
      walk.to(window);
      long from = Math.max(walk.begin(), begin) + (window - walk.first()) * context;
      extents.add(from, Math.min(from + context, walk.end() - 1) + 1);
    }
    return extents.build();
  }

  @Override
  public WindowShard shard(int index, Extents extents, TokenIds ids) {
    return new WindowShard(index, context, extents.offsets(), ids);
  }
}
