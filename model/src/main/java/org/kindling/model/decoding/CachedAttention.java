package org.kindling.model.decoding;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.kindling.model.ModelSettings;
import org.kindling.model.kernels.Arena;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.MovingProduct;
import org.kindling.model.kernels.Product;
import org.kindling.model.kernels.RowMajor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Attention of new positions to all that came before in their slot, keys and values taken from the
 * cache.
 *
 * <p>Kernels have q queries, the first at some position p, and the keys from 0 up to the end of the
 * block in which p lies; scores of keys after each query are overwritten. So there is one set of
 * kernels for each block and each q, for all slots and layers, and which one computes a position
 * depends on the position and on whether it comes alone or with others. A single query has q = 2,
 * the second being whatever lies in the next row: it costs little, and products of vectors are what
 * oneDNN gets wrong.
 */
final class CachedAttention {
  private static final int BLOCK = KeyValueCache.BLOCK;
  private static final int SINGLE = 2;

  private final Kernels kernels;
  private final ModelSettings settings;
  private final RowBuffers rows;
  private final KeyValueCache cache;
  private final INDArray scores;
  private final FloatBuffer scoreValues;
  private final QueryBlock[] blocks;
  private final QueryBlock[] singles;
  private final float[] hidden = new float[BLOCK];

  CachedAttention(
      Kernels kernels, ModelSettings settings, RowBuffers rows, KeyValueCache cache, Arena arena) {
    this.kernels = kernels;
    this.settings = settings;
    this.rows = rows;
    this.cache = cache;
    this.scores = arena.array(size(settings));
    this.scoreValues = RowMajor.floats(scores);
    this.blocks = new QueryBlock[cache.positions() / BLOCK];
    this.singles = new QueryBlock[cache.positions() / BLOCK];
    Arrays.fill(hidden, Float.NEGATIVE_INFINITY);
  }

  /** Values of scratch memory: the scores of a block of queries. */
  static long size(ModelSettings settings) {
    return (long) BLOCK * settings.heads() * KeyValueCache.positions(settings.context());
  }

  /**
   * Mixes values for consecutive positions of a slot.
   *
   * <p>Rows of {@code mixed} after them, up to 64 in all, are overwritten with numbers that mean
   * nothing; so rows are computed in ascending order.
   *
   * @param first the first position; a multiple of 64 if there are several
   * @param row where its query lies and its mixture goes
   */
  void mix(int layer, int slot, int first, int count, int row) {
    QueryBlock[] of = count == 1 ? singles : blocks;
    int block = first / BLOCK;
    if (of[block] == null) {
      of[block] = new QueryBlock(count == 1 ? SINGLE : BLOCK, block + 1);
    }
    of[block].mix(layer, slot, first, row);
  }

  /** q queries against n blocks of keys. */
  private final class QueryBlock {
    private final int rowsOfQueries;

    /** How many of the queries count. */
    private final int queries;

    private final int keys;
    private final MovingProduct scoring;
    private final Kernel softmax;

    /** Over values up to the end of each group in the last block. */
    private final MovingProduct[] mixing = new MovingProduct[BLOCK / KeyValueCache.GROUP];

    QueryBlock(int q, int n) {
      int h = settings.heads();
      int c = settings.embedding();
      int d = settings.headSize();
      int k = n * BLOCK;
      this.rowsOfQueries = q;
      this.queries = q == SINGLE ? 1 : q;
      this.keys = k;
      // Scores lie as (q, H, k), so that those of the queries that count are together.
      INDArray query = view(rows.qkv(), new long[] {1, h, q, d}, 0, d, 3 * c, 1);
      INDArray key =
          view(cache.keys(), new long[] {n, h, d, BLOCK}, c * BLOCK, d * BLOCK, BLOCK, 1);
      INDArray score = view(scores, new long[] {n, h, q, BLOCK}, BLOCK, k, h * k, 1);
      double scale = 1 / Math.sqrt(settings.headSize());
      this.scoring = kernels.movingProduct(Product.of(query, key, score).scaled(scale));
      this.softmax = kernels.softmax(view(scores, new long[] {queries, h, k}, h * k, k, 1));
    }

    /**
     * The product with values up to the end of a group in the last block. Those after it have no
     * weight, and would have to come from memory for nothing.
     */
    private MovingProduct mixing(int group) {
      if (mixing[group] == null) {
        int h = settings.heads();
        int c = settings.embedding();
        int d = settings.headSize();
        int q = rowsOfQueries;
        int k = keys - BLOCK + (group + 1) * KeyValueCache.GROUP;
        INDArray p = view(scores, new long[] {1, h, q, k}, 0, keys, h * keys, 1);
        INDArray value = view(cache.values(), new long[] {1, h, k, d}, 0, d, c, 1);
        INDArray mixed = view(rows.mixed(), new long[] {1, h, q, d}, 0, d, c, 1);
        mixing[group] = kernels.movingProduct(Product.of(p, value, mixed));
      }
      return mixing[group];
    }

    void mix(int layer, int slot, int first, int row) {
      long query = (long) row * 3 * settings.embedding();
      long mixture = (long) row * settings.embedding();
      long cached = cache.offset(layer, slot);
      scoring.run(query, cached, 0);
      hideLater(first % BLOCK);
      softmax.run();
      int newest = first % BLOCK + queries - 1;
      mixing(newest / KeyValueCache.GROUP).run(0, cached, mixture);
    }

    /**
     * Keys after a query in its block get no weight.
     *
     * @param first the first query's place in it
     */
    private void hideLater(int first) {
      for (int i = 0; i < queries; i++) {
        int later = BLOCK - 1 - first - i;
        for (int head = 1; head <= settings.heads(); head++) {
          int end = (i * settings.heads() + head) * keys;
          scoreValues.put(end - later, hidden, 0, later);
        }
      }
    }
  }

  private static INDArray view(INDArray x, long[] shape, long... strides) {
    return Nd4j.create(x.data(), shape, strides, x.offset(), 'c');
  }
}
