package org.kindling.model.kernels;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Row-major arrays without gaps: their strides, and their memory as a buffer. */
public final class RowMajor {
  private RowMajor() {}

  /** Strides of that shape, in values. */
  static long[] strides(long[] shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = step;
      step *= shape[d];
    }
    return strides;
  }

  /** The memory of an array of 32-bit floats, which must outlive the buffer; below 2^29 values. */
  public static FloatBuffer floats(INDArray array) {
    return new FloatPointer(array.data().addressPointer()).capacity(array.length()).asBuffer();
  }
}
