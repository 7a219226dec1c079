package org.kindling.model.decoding;

import org.kindling.model.ModelSettings;
import org.kindling.model.kernels.Arena;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What a pass over at most {@link #ROWS} rows computes in; all layers and all numbers of rows use
 * the same arrays.
 *
 * @param x the residual stream (R, C)
 * @param normed (R, C)
 * @param qkv queries, keys, values (2R, 3C)
 * @param mixed what attention mixes (2R, C); attention computes blocks of queries, which reach
 *     beyond the rows that count
 * @param wide inside the feed-forward layer (R, F)
 * @param logits (R, V)
 * @param mean (R, 1), not used
 * @param variance (R, 1), not used
 */
record RowBuffers(
    INDArray x,
    INDArray normed,
    INDArray qkv,
    INDArray mixed,
    INDArray wide,
    INDArray logits,
    INDArray mean,
    INDArray variance) {

  /**
   * R, the most rows in a pass. Products with 64 rows run at their full rate, and 64 rows of
   * activations stay in a core's own cache.
   */
  static final int ROWS = 64;

  static RowBuffers of(ModelSettings settings, Arena arena) {
    long c = settings.embedding();
    return new RowBuffers(
        arena.array(ROWS, c),
        arena.array(ROWS, c),
        arena.array(2 * ROWS, 3 * c),
        arena.array(2 * ROWS, c),
        arena.array(ROWS, settings.feedForwardSize()),
        arena.array(ROWS, settings.vocabulary()),
        arena.array(ROWS, 1),
        arena.array(ROWS, 1));
  }

  /** Views of the first rows. */
  RowBuffers first(int rows) {
    return new RowBuffers(
        first(x, rows),
        first(normed, rows),
        first(qkv, rows),
        first(mixed, rows),
        first(wide, rows),
        first(logits, rows),
        first(mean, rows),
        first(variance, rows));
  }

  private static INDArray first(INDArray array, int rows) {
    return array.get(NDArrayIndex.interval(0, rows), NDArrayIndex.all());
  }
}
