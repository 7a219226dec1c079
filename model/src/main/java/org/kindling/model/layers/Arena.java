package org.kindling.model.layers;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory for activations, handed out once when a network is built and used again in every pass. It
 * comes in slabs, so that a large network is a handful of allocations; each array starts on a cache
 * line.
 */
public final class Arena {
  private static final long SLAB = 16L << 20;
  private static final long LINE = 16;

  private final DataType type;
  private INDArray slab;
  private long used;
  private long total;

  public Arena(DataType type) {
    this.type = type;
  }

  /** A zeroed array of that shape, row-major. */
  public INDArray array(long... shape) {
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    if (slab == null || used + length > slab.length()) {
      long capacity = Math.max(SLAB / type.width(), length);
      slab = Nd4j.create(type, capacity);
      used = 0;
      total += capacity;
    }
    long[] stride = new long[shape.length];
    long step = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      stride[d] = step;
      step *= shape[d];
    }
    INDArray array = Nd4j.create(slab.data(), shape, stride, used, 'c');
    used += (length + LINE - 1) / LINE * LINE;
    return array;
  }

  /** Another array on the start of a scratch array's memory, which must be large enough. */
  static INDArray reshaped(INDArray scratch, long... shape) {
    long[] stride = new long[shape.length];
    long step = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      stride[d] = step;
      step *= shape[d];
    }
    return Nd4j.create(scratch.data(), shape, stride, scratch.offset(), 'c');
  }

  /** Bytes taken so far. */
  public long bytes() {
    return total * type.width();
  }
}
