package org.kindling.model.decoding;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.kindling.model.CounterHash;
import org.kindling.model.kernels.RowMajor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which numbers of rows a pass may have. A row must come out with the same bits whatever rows
 * compute beside it, but libraries choose their code by a product's shape: oneDNN on AVX-512 sums a
 * single row of 1,536 values in another order than it does two rows or more, which agree among
 * themselves.
 *
 * <p>So a number of rows is tried before its first use: all layers' shapes on random rows, against
 * the same rows among {@link RowBuffers#ROWS}. Where a bit differs, the next larger number serves
 * in its place, padded.
 */
final class RowCounts {
  /** Never one: two rows take the time of one, which is that of reading the weights. */
  private static final int[] CANDIDATES = {2, 4, 6, 8, 12, 16, 24, 32, 48, RowBuffers.ROWS};

  private static final Logger LOG = LoggerFactory.getLogger(RowCounts.class);

  private final IntFunction<RowKernels> maker;
  private final RowBuffers rows;
  private final float[] residual;
  private final float[] mixed;
  private final Map<Integer, RowKernels> made = new TreeMap<>();
  private final RowKernels[] chosen = new RowKernels[RowBuffers.ROWS + 1];
  private long[] reference;

  /**
   * @param maker makes the kernels of a number of rows
   * @param rows what all of them compute in
   */
  RowCounts(IntFunction<RowKernels> maker, RowBuffers rows) {
    this.maker = maker;
    this.rows = rows;
    this.residual = random(rows.x(), 1);
    this.mixed = random(rows.mixed(), 2);
  }

  private static float[] random(INDArray like, long seed) {
    Random random = new Random(seed);
    float[] values = new float[Math.toIntExact(RowBuffers.ROWS * like.size(1))];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /**
   * Kernels for at least so many rows. The first time, overwrites all of the buffers.
   *
   * @param count 1 to {@link RowBuffers#ROWS}
   */
  RowKernels atLeast(int count) {
    if (chosen[count] == null) {
      chosen[count] = find(count);
    }
    return chosen[count];
  }

  private RowKernels find(int count) {
    for (int candidate : CANDIDATES) {
      if (candidate >= count && (candidate == RowBuffers.ROWS || agrees(candidate))) {
        return made(candidate);
      }
    }
    throw new IllegalArgumentException("%d rows in a pass".formatted(count));
  }

  private RowKernels made(int candidate) {
    return made.computeIfAbsent(candidate, maker::apply);
  }

  private boolean agrees(int candidate) {
    if (reference == null) {
      reference = bits(RowBuffers.ROWS, 0, false);
      long[] reversed = bits(RowBuffers.ROWS, 0, true);
      for (int row = 0; row < reversed.length; row++) {
        if (reversed[row] != reference[RowBuffers.ROWS - 1 - row]) {
          LOG.warn(
              "a row's last bits depend on its place among {} rows here, so a text's may depend on"
                  + " what else is generated with it",
              RowBuffers.ROWS);
          break;
        }
      }
    }
    int last = RowBuffers.ROWS - candidate;
    return Arrays.equals(bits(candidate, 0, false), Arrays.copyOf(reference, candidate))
        && Arrays.equals(
            bits(candidate, last, false), Arrays.copyOfRange(reference, last, RowBuffers.ROWS));
  }

  /** A hash of each row's results, for random rows from {@code first} on, or from the last back. */
  private long[] bits(int count, int first, boolean backwards) {
    put(residual, rows.x(), count, first, backwards);
    put(mixed, rows.mixed(), count, first, backwards);
    long[] hashes = new long[count];
    RowKernels kernels = made(count);
    kernels.beforeAttention(0);
    add(rows.qkv(), hashes);
    kernels.afterAttention(0);
    add(rows.x(), hashes);
    kernels.head();
    add(rows.logits(), hashes);
    return hashes;
  }

  private static void put(float[] from, INDArray to, int count, int first, boolean backwards) {
    int columns = (int) to.size(1);
    FloatBuffer buffer = RowMajor.floats(to);
    for (int i = 0; i < count; i++) {
      int row = backwards ? first + count - 1 - i : first + i;
      buffer.put(i * columns, from, row * columns, columns);
    }
  }

  private static void add(INDArray results, long[] hashes) {
    float[] row = new float[(int) results.size(1)];
    FloatBuffer buffer = RowMajor.floats(results);
    for (int i = 0; i < hashes.length; i++) {
      buffer.get(i * row.length, row);
      for (float value : row) {
        hashes[i] = CounterHash.of(hashes[i], Float.floatToRawIntBits(value));
      }
    }
  }
}
