package org.kindling.model.decoding;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.kindling.model.ModelSettings;
import org.kindling.model.layers.Arena;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Keys and values of every position, for S slots and L layers. Positions are rounded up to K, a
 * multiple of {@value #BLOCK}.
 *
 * <p>Values lie position after position (K, C), keys the other way round (C, K): a query's product
 * with keys that stand in columns runs at the rate of memory, with keys in rows at half of it.
 */
final class KeyValueCache {
  /** Positions come in blocks of so many. */
  static final int BLOCK = 64;

  /** Floats between two columns' ends, so that columns do not fall on the same cache lines. */
  private static final int GAP = 16;

  /** Floats in a cache line. */
  private static final int LINE = 16;

  private final INDArray keys;
  private final INDArray values;
  private final FloatBuffer[] keyBuffers;
  private final FloatBuffer[] valueBuffers;
  private final int slots;
  private final int columns;
  private final int positions;
  private final float[] rows;
  private final float[] column = new float[Activations.ROWS];

  /** Makes {@link #prefetch}'s reads count; what it holds means nothing. */
  int seen;

  KeyValueCache(ModelSettings settings, int slots, Arena arena) {
    this.slots = slots;
    this.columns = settings.embedding();
    this.positions = positions(settings.context());
    long blocks = (long) settings.layers() * slots;
    this.keys = arena.array(blocks * columns * keyStride());
    this.values = arena.array(blocks * positions * columns);
    this.keyBuffers = buffers(keys, Math.toIntExact(blocks), columns * keyStride());
    this.valueBuffers = buffers(values, Math.toIntExact(blocks), columns * positions);
    this.rows = new float[Activations.ROWS * columns];
  }

  /** K for a context of T. */
  static int positions(int context) {
    return (context + BLOCK - 1) / BLOCK * BLOCK;
  }

  /** Values in a cache of those settings. */
  static long size(ModelSettings settings, int slots) {
    int positions = positions(settings.context());
    return (long) settings.layers() * slots * settings.embedding() * (2 * positions + GAP);
  }

  private static FloatBuffer[] buffers(INDArray array, int count, int length) {
    FloatBuffer[] buffers = new FloatBuffer[count];
    FloatPointer start = new FloatPointer(array.data().addressPointer());
    for (int i = 0; i < count; i++) {
      FloatPointer block = start.getPointer((long) i * length);
      buffers[i] = block.capacity(length).asBuffer();
    }
    return buffers;
  }

  /** All keys: of each layer, of each slot, (C, K) with {@link #keyStride} between rows. */
  INDArray keys() {
    return keys;
  }

  /** All values: of each layer, of each slot, (K, C). */
  INDArray values() {
    return values;
  }

  int positions() {
    return positions;
  }

  int keyStride() {
    return positions + GAP;
  }

  /** Where a slot's keys of a layer start. */
  long keyOffset(int layer, int slot) {
    return ((long) layer * slots + slot) * columns * keyStride();
  }

  /** Where a slot's values of a layer start. */
  long valueOffset(int layer, int slot) {
    return ((long) layer * slots + slot) * columns * positions;
  }

  /**
   * Keeps the keys and values of consecutive positions.
   *
   * @param qkv rows of queries, keys and values, 3C each
   * @param row the first of them
   */
  void store(int layer, int slot, int first, int count, FloatBuffer qkv, int row) {
    FloatBuffer keysOut = keyBuffers[layer * slots + slot];
    FloatBuffer valuesOut = valueBuffers[layer * slots + slot];
    for (int i = 0; i < count; i++) {
      int start = (row + i) * 3 * columns;
      qkv.get(start + columns, rows, i * columns, columns);
      valuesOut.put((first + i) * columns, qkv, start + 2 * columns, columns);
    }
    if (count == 1) {
      for (int c = 0; c < columns; c++) {
        keysOut.put(c * keyStride() + first, rows[c]);
      }
      return;
    }
    for (int c = 0; c < columns; c++) {
      for (int i = 0; i < count; i++) {
        column[i] = rows[i * columns + c];
      }
      keysOut.put(c * keyStride() + first, column, 0, count);
    }
  }

  /**
   * Reads one value of each cache line of a slot's first keys and values, so that they are on their
   * way to the caches before products ask for them, one after the other.
   */
  void prefetch(int layer, int slot, int count) {
    FloatBuffer keysIn = keyBuffers[layer * slots + slot];
    FloatBuffer valuesIn = valueBuffers[layer * slots + slot];
    int all = 0;
    for (int c = 0; c < columns; c++) {
      int start = c * keyStride();
      for (int i = start; i < start + count; i += LINE) {
        all |= Float.floatToRawIntBits(keysIn.get(i));
      }
    }
    for (int i = 0; i < count * columns; i += LINE) {
      all |= Float.floatToRawIntBits(valuesIn.get(i));
    }
    seen = all;
  }

  /** Forgets all that a slot holds, so that nothing infinite in it can meet a factor of 0. */
  void clear(int slot) {
    for (int block = slot; block < keyBuffers.length; block += slots) {
      Pointer.memset(new FloatPointer(keyBuffers[block]), 0, 4L * columns * keyStride());
      Pointer.memset(new FloatPointer(valueBuffers[block]), 0, 4L * columns * positions);
    }
  }
}
