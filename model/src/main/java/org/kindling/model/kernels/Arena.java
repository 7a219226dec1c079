package org.kindling.model.kernels;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory for activations, handed out once when a network is built and used again in every pass. It
 * comes in slabs, so that a large network is a handful of allocations; each array starts on a cache
 * line.
 */
public final class Arena implements AutoCloseable {
  private static final long SLAB = 16L << 20;
  private static final long LINE_BYTES = 64;

  /** Values in a cache line of floats; two lines of doubles. */
  private static final long LINE = LINE_BYTES / Float.BYTES;

  private final DataType type;
  private final List<Pointer> slabs = new ArrayList<>();
  private INDArray slab;
  private long used;
  private long handedOut;

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
      slab = slab(capacity);
      used = 0;
    }
    INDArray array = rowMajor(slab, used, shape);
    used += (length + LINE - 1) / LINE * LINE;
    handedOut += length * type.width();
    return array;
  }

  /** Size of all arrays handed out, in bytes. */
  public long bytes() {
    return handedOut;
  }

  /** Another array on the start of a scratch array's memory, which must be large enough. */
  public static INDArray reshaped(INDArray scratch, long... shape) {
    return rowMajor(scratch, scratch.offset(), shape);
  }

  private static INDArray rowMajor(INDArray memory, long offset, long[] shape) {
    return Nd4j.create(memory.data(), shape, RowMajor.strides(shape), offset, 'c');
  }

  /**
   * Memory of our own: what ND4J allocates stays until the garbage collector comes by, close() or
   * not, and what JavaCPP counts may not exceed the Java heap's limit.
   */
  private INDArray slab(long capacity) {
    Pointer memory = Pointer.calloc(capacity + LINE, type.width());
    if (memory == null) {
      throw new OutOfMemoryError(
          "no %d bytes outside the Java heap for activations".formatted(capacity * type.width()));
    }
    slabs.add(memory);
    long toLine = -memory.address() & (LINE_BYTES - 1);
    Pointer start = new BytePointer(memory).getPointer(toLine);
    Pointer values =
        type == DataType.DOUBLE
            ? new DoublePointer(start).capacity(capacity)
            : new FloatPointer(start).capacity(capacity);
    return Nd4j.create(Nd4j.createBuffer(values, capacity, type), capacity);
  }

  /** Frees the memory; arrays handed out must not be used afterwards. */
  @Override
  public void close() {
    slabs.forEach(Pointer::free);
    slabs.clear();
    slab = null;
  }
}
