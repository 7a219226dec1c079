package org.kindling.model.decoding;

import java.nio.FloatBuffer;
import org.kindling.model.ModelSettings;
import org.kindling.model.kernels.RowMajor;

/**
 * One way through the layers for at most {@link RowBuffers#ROWS} rows, each a position of some
 * slot's sequence: a stretch of a prompt, or the newest token of each of many sequences, or both.
 * Linear layers are one product over all rows; attention goes stretch by stretch.
 *
 * <ol>
 *   <li>{@link #add} puts stretches into the pass, as long as they {@link #fits fit}.
 *   <li>{@link #run} computes them, keeps their keys and values, and empties the pass.
 * </ol>
 *
 * <p>In the last block, only keys and values are needed of all rows; the rest is computed for those
 * rows alone whose logits are asked for.
 */
final class Pass {
  private final KeyValueCache cache;
  private final CachedAttention attention;
  private final RowCounts counts;
  private final int layers;
  private final int c;
  private final int vocabulary;
  private final FloatBuffer x;
  private final FloatBuffer qkv;
  private final FloatBuffer mixed;
  private final FloatBuffer logits;
  private final FloatBuffer tokenTable;
  private final FloatBuffer positionTable;
  private final float[] vector;
  private final float[] position;

  /** Ids of the rows. */
  private final int[] ids = new int[RowBuffers.ROWS];

  /** The stretches: where they stand in their sequence, and in which row they begin. */
  private final int[] slot = new int[RowBuffers.ROWS];

  private final int[] first = new int[RowBuffers.ROWS];
  private final int[] length = new int[RowBuffers.ROWS];
  private final int[] start = new int[RowBuffers.ROWS];

  /** Where the logits after a stretch's last position go, or -1 if nobody asks for them. */
  private final int[] output = new int[RowBuffers.ROWS];

  private int stretches;
  private int used;
  private int wanted;

  Pass(
      ModelSettings settings,
      FixedWeights weights,
      RowBuffers rows,
      KeyValueCache cache,
      CachedAttention attention,
      RowCounts counts) {
    this.cache = cache;
    this.attention = attention;
    this.counts = counts;
    this.layers = settings.layers();
    this.c = settings.embedding();
    this.vocabulary = settings.vocabulary();
    this.x = RowMajor.floats(rows.x());
    this.qkv = RowMajor.floats(rows.qkv());
    this.mixed = RowMajor.floats(rows.mixed());
    this.logits = RowMajor.floats(rows.logits());
    this.tokenTable = RowMajor.floats(weights.tokens);
    this.positionTable = RowMajor.floats(weights.positions);
    this.vector = new float[c];
    this.position = new float[c];
  }

  boolean fits(int count) {
    return used + count <= RowBuffers.ROWS;
  }

  /**
   * Adds positions {@code from} to {@code from + count - 1} of a slot, of which those before must
   * be computed in earlier passes.
   *
   * @param into number of the logits' row in {@link #run}'s result, or -1 for none
   */
  void add(int ofSlot, Window window, int from, int count, int into) {
    slot[stretches] = ofSlot;
    first[stretches] = from;
    length[stretches] = count;
    start[stretches] = used;
    output[stretches++] = into;
    wanted += into < 0 ? 0 : 1;
    for (int i = 0; i < count; i++) {
      ids[used++] = window.token(from + i);
    }
  }

  /**
   * Computes what was added.
   *
   * @param into rows of V logits
   */
  void run(float[] into) {
    if (used == 0) {
      return;
    }
    // Before anything lies in the buffers: a number of rows is tried out in them when new.
    RowKernels all = counts.atLeast(used);
    RowKernels last = wanted == 0 ? null : counts.atLeast(wanted);
    for (int s = 0; s < stretches; s++) {
      embed(s);
    }
    for (int layer = 0; layer < layers - 1; layer++) {
      all.beforeAttention(layer);
      for (int s = 0; s < stretches; s++) {
        keep(layer, s);
        attention.mix(layer, slot[s], first[s], length[s], start[s]);
      }
      all.afterAttention(layer);
    }
    all.beforeAttention(layers - 1);
    for (int s = 0; s < stretches; s++) {
      keep(layers - 1, s);
      if (output[s] >= 0) {
        int end = length[s] - 1;
        attention.mix(layers - 1, slot[s], first[s] + end, 1, start[s] + end);
      }
    }
    if (wanted > 0) {
      finish(last, into);
    }
    stretches = 0;
    used = 0;
    wanted = 0;
  }

  /** x[row] = token + position, (C) each. */
  private void embed(int s) {
    for (int i = 0; i < length[s]; i++) {
      int row = start[s] + i;
      tokenTable.get(ids[row] * c, vector);
      positionTable.get((first[s] + i) * c, position);
      for (int j = 0; j < vector.length; j++) {
        vector[j] += position[j];
      }
      x.put(row * c, vector);
    }
  }

  /** Puts a stretch's keys and values of a layer where its slot has them. */
  private void keep(int layer, int s) {
    if (length[s] == 1) {
      // Attention is next, and reads all of the slot's, which wait in memory.
      cache.prefetch(layer, slot[s], first[s] + 1);
    }
    cache.store(layer, slot[s], first[s], length[s], qkv, start[s]);
  }

  /** The last block after its attention, and the head, for the rows that are asked for. */
  private void finish(RowKernels last, float[] into) {
    int gathered = 0;
    for (int s = 0; s < stretches; s++) {
      if (output[s] >= 0) {
        int row = start[s] + length[s] - 1;
        copy(x, row, gathered);
        copy(mixed, row, gathered++);
      }
    }
    last.afterAttention(layers - 1);
    last.head();
    int read = 0;
    for (int s = 0; s < stretches; s++) {
      if (output[s] >= 0) {
        logits.get(read++ * vocabulary, into, output[s] * vocabulary, vocabulary);
      }
    }
  }

  private void copy(FloatBuffer matrix, int from, int to) {
    if (from != to) {
      matrix.get(from * c, vector);
      matrix.put(to * c, vector);
    }
  }
}
