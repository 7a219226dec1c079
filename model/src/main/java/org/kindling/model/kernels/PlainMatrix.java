package org.kindling.model.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Weights as they come, (out, in). */
record PlainMatrix(INDArray weight) implements FixedMatrix {
  @Override
  public long bytes() {
    return weight.length() * weight.dataType().width();
  }
}
