package org.kindling.model.decoding;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.kindling.model.ModelSettings;
import org.kindling.model.kernels.Arena;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Keys and values of every position, for S slots and L layers. Positions are rounded up to M, a
 * multiple of {@value #BLOCK}.
 *
 * <p>Values lie position after position (M, C). Keys are the other way round within blocks of
 * positions, (M / {@value #BLOCK}, C, {@value #BLOCK}), since a query's product with keys in
 * columns takes half the time of one with keys in rows. Both are without gaps up to the newest
 * position's block, which is the order in which memory is read fastest.
 */
final class KeyValueCache {
  /** Positions come in blocks of so many. */
  static final int BLOCK = 64;

  /** Values of a single position's attention are read in groups of so many positions. */
  static final int GROUP = 16;

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

  /** Makes {@link #prefetch}'s reads count; what it holds means nothing. */
  int seen;

  KeyValueCache(ModelSettings settings, int slots, Arena arena) {
    this.slots = slots;
    this.columns = settings.embedding();
    this.positions = positions(settings.context());
    long blocks = (long) settings.layers() * slots;
    this.keys = arena.array(blocks * positions * columns);
    this.values = arena.array(blocks * positions * columns);
    this.keyBuffers = buffers(keys, Math.toIntExact(blocks), columns * positions);
    this.valueBuffers = buffers(values, Math.toIntExact(blocks), columns * positions);
    this.rows = new float[RowBuffers.ROWS * columns];
  }

  /** M for a context of T. */
  static int positions(int context) {
    return (context + BLOCK - 1) / BLOCK * BLOCK;
  }

  /** Values in a cache of those settings. */
  static long size(ModelSettings settings, int slots) {
    int positions = positions(settings.context());
    return 2L * settings.layers() * slots * settings.embedding() * positions;
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

  /** All keys: of each layer, of each slot, (M / 64, C, 64). */
  INDArray keys() {
    return keys;
  }

  /** All values: of each layer, of each slot, (M, C). */
  INDArray values() {
    return values;
  }

  int positions() {
    return positions;
  }

  /** Where a slot's keys of a layer start, and its values. */
  long offset(int layer, int slot) {
    return ((long) layer * slots + slot) * columns * positions;
  }

  /**
   * Keeps the keys and values of consecutive positions.
   *
   * @param first the first position; they all are in its block
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
    int place = first / BLOCK * BLOCK * columns + first % BLOCK;
    for (int c = 0; c < columns; c++) {
      for (int i = 0; i < count; i++) {
        keysOut.put(place + c * BLOCK + i, rows[i * columns + c]);
      }
    }
  }

  /**
   * Reads one value of each cache line of a slot's first keys and values. Products wait for each
   * line that comes from memory, since they do so much between two that a core never looks far
   * ahead; this does nothing else, so as many lines are on their way at once as the core can ask
   * for.
   */
  void prefetch(int layer, int slot, int count) {
    int keyCount = (count + BLOCK - 1) / BLOCK * BLOCK;
    int valueCount = (count + GROUP - 1) / GROUP * GROUP;
    seen =
        read(keyBuffers[layer * slots + slot], keyCount * columns)
            | read(valueBuffers[layer * slots + slot], valueCount * columns);
  }

  private static int read(FloatBuffer buffer, int count) {
    int all = 0;
    for (int i = 0; i < count; i += LINE) {
      all |= Float.floatToRawIntBits(buffer.get(i));
    }
    return all;
  }

  /** Forgets all that a slot holds, so that nothing infinite in it can meet a factor of 0. */
  void clear(int slot) {
    long bytes = (long) Float.BYTES * columns * positions;
    for (int block = slot; block < keyBuffers.length; block += slots) {
      Pointer.memset(new FloatPointer(keyBuffers[block]), 0, bytes);
      Pointer.memset(new FloatPointer(valueBuffers[block]), 0, bytes);
    }
  }
}
