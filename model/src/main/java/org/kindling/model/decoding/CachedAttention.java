package org.kindling.model.decoding;

import org.kindling.model.ModelSettings;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.MovingProduct;
import org.kindling.model.kernels.Product;
import org.kindling.model.layers.Arena;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Attention of new positions to all that came before in their slot, keys and values taken from the
 * cache.
 *
 * <p>Kernels have q queries, the first at some position p, and the keys from 0 up to the end of the
 * block in which p lies; a mask hides keys behind each query. So there is one set of kernels for
 * each block and each q, for all slots and layers, and which one computes a position depends on the
 * position alone. A single query has q = 2, the second being whatever lies in the next row: it
 * costs nothing, and products of vectors are what oneDNN gets wrong.
 */
final class CachedAttention {
  private static final int SINGLE = 2;

  /** A single query's keys are read from memory and little is done with them; so few too many. */
  private static final int SINGLE_KEYS = 32;

  private final Kernels kernels;
  private final ModelSettings settings;
  private final Activations rows;
  private final KeyValueCache cache;
  private final INDArray scores;
  private final INDArray behindOne;
  private final Arena arena;
  private final QueryBlock[] blocks;
  private final QueryBlock[] singles;

  CachedAttention(
      Kernels kernels, ModelSettings settings, Activations rows, KeyValueCache cache, Arena arena) {
    this.kernels = kernels;
    this.settings = settings;
    this.rows = rows;
    this.cache = cache;
    this.scores = arena.array((long) settings.heads() * KeyValueCache.BLOCK * cache.positions());
    this.behindOne = behindOne(cache.positions(), arena);
    this.arena = arena;
    this.blocks = new QueryBlock[cache.positions() / KeyValueCache.BLOCK];
    this.singles = new QueryBlock[cache.positions() / SINGLE_KEYS];
  }

  /** Values of scratch memory and masks. */
  static long size(ModelSettings settings) {
    long positions = KeyValueCache.positions(settings.context());
    long block = KeyValueCache.BLOCK;
    long blocks = positions / block;
    return block * settings.heads() * positions
        + 2 * positions
        + block
        + block * block * blocks * (blocks + 1) / 2;
  }

  /**
   * (2K + 64): K + 1 zeros, then 31 times minus infinity, then zeros. For one query at position p,
   * the mask is what starts at K - p; the query beside it, which does not count, must have some key
   * to see.
   */
  private static INDArray behindOne(int positions, Arena arena) {
    INDArray mask = arena.array(1, 2L * positions + KeyValueCache.BLOCK);
    for (int j = positions + 1; j < positions + SINGLE_KEYS; j++) {
      mask.putScalar(0, j, Double.NEGATIVE_INFINITY);
    }
    return mask;
  }

  /** (64, k): 0 for keys that a block's query may see, minus infinity for those behind it. */
  private static INDArray behindEach(int k, Arena arena) {
    INDArray mask = arena.array(KeyValueCache.BLOCK, k);
    int first = k - KeyValueCache.BLOCK;
    for (int i = 0; i < KeyValueCache.BLOCK; i++) {
      for (int j = first + i + 1; j < k; j++) {
        mask.putScalar(i, j, Double.NEGATIVE_INFINITY);
      }
    }
    return mask;
  }

  /**
   * Mixes values for consecutive positions of a slot.
   *
   * <p>Rows of {@code mixed} behind them, up to 64 in all, are overwritten with numbers that mean
   * nothing; so rows are computed in ascending order.
   *
   * @param first the first position; a multiple of 64 if there are several
   * @param row where its query lies and its mixture goes
   */
  void mix(int layer, int slot, int first, int count, int row) {
    QueryBlock[] of = count == 1 ? singles : blocks;
    int width = count == 1 ? SINGLE_KEYS : KeyValueCache.BLOCK;
    int queries = count == 1 ? SINGLE : KeyValueCache.BLOCK;
    int block = first / width;
    if (of[block] == null) {
      of[block] = new QueryBlock(queries, (block + 1) * width);
    }
    of[block].mix(layer, slot, first, row);
  }

  /** q queries against k keys. */
  private final class QueryBlock {
    private final boolean isSingle;
    private final MovingProduct scoring;
    private final Kernel softmax;
    private final MovingProduct mixing;

    QueryBlock(int q, int k) {
      int heads = settings.heads();
      int c = settings.embedding();
      int d = settings.headSize();
      INDArray queries = view(rows.qkv(), heads, q, d, d, 3 * c, 1); // (1, H, q, D)
      INDArray keys = view(cache.keys(), heads, d, k, d * cache.keyStride(), cache.keyStride(), 1);
      INDArray values = view(cache.values(), heads, k, d, d, c, 1); // (1, H, k, D)
      INDArray p = view(scores, heads, q, k, q * k, k, 1); // (1, H, q, k)
      INDArray mixed = view(rows.mixed(), heads, q, d, d, c, 1); // (1, H, q, D)
      // Masks without gaps: oneDNN 3.11 adds a matrix to a product as if its rows were contiguous.
      INDArray hidden = view(q == SINGLE ? behindOne : behindEach(k, arena), 1, q, k, q * k, k, 1);
      this.isSingle = q == SINGLE;
      this.scoring =
          kernels.movingProduct(
              Product.of(queries, keys, p)
                  .scaled(1 / Math.sqrt(settings.headSize()))
                  .plus(hidden)); // (1, H, q, k)
      this.softmax = kernels.softmax(p);
      this.mixing = kernels.movingProduct(Product.of(p, values, mixed)); // (1, H, q, D)
    }

    void mix(int layer, int slot, int first, int row) {
      long query = (long) row * 3 * settings.embedding();
      long mixture = (long) row * settings.embedding();
      long hidden = isSingle ? cache.positions() - first : 0;
      if (isSingle) {
        cache.prefetch(layer, slot, first + 1);
      }
      scoring.run(query, cache.keyOffset(layer, slot), 0, hidden);
      softmax.run();
      mixing.run(0, cache.valueOffset(layer, slot), mixture, 0);
    }
  }

  private static INDArray view(
      INDArray x, long h, long m, long n, long perH, long perM, long perN) {
    return Nd4j.create(
        x.data(),
        new long[] {1, h, m, n},
        new long[] {h * perH, perH, perM, perN},
        x.offset(),
        'c');
  }
}
