package org.kindling.spark.corpus;

import java.io.Serializable;

/**
 * How a split of the corpus is divided among shards: which stretches of tokens a shard keeps, and
 * what it is made of them.
 *
 * @param <S> the kind of shard
 */
sealed interface Division<S> extends Serializable permits Chunks, Windows {

  int shards();

  Extents extents(int shard);

  /** Makes the shard of the ids that its extents hold. */
  S shard(int index, Extents extents, TokenIds ids);
}
