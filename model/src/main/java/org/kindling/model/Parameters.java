package org.kindling.model;

import org.kindling.model.ParameterLayout.Parameter;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A replica's weights and gradients: two flat arrays of P values outside the Java heap, and views
 * of each tensor into them. Vectors appear as (1, n).
 */
public final class Parameters {
  private final ParameterLayout layout;
  private final INDArray weights;
  private final INDArray gradients;

  /** Zeros of that type, which kernels share. */
  public Parameters(ParameterLayout layout, DataType type) {
    this.layout = layout;
    this.weights = Nd4j.create(type, layout.size());
    this.gradients = Nd4j.create(type, layout.size());
  }

  public ParameterLayout layout() {
    return layout;
  }

  /** All weights, (P). */
  public INDArray weights() {
    return weights;
  }

  /** All gradients, (P). */
  public INDArray gradients() {
    return gradients;
  }

  /** A tensor of weights. */
  public INDArray weight(String name) {
    return view(weights, layout.get(name));
  }

  /** Its gradient. */
  public INDArray gradient(String name) {
    return view(gradients, layout.get(name));
  }

  private static INDArray view(INDArray flat, Parameter parameter) {
    int rows = parameter.isMatrix() ? parameter.shape().get(0) : 1;
    int columns = parameter.length() / rows;
    return Nd4j.create(
        flat.data(), new long[] {rows, columns}, new long[] {columns, 1}, parameter.offset(), 'c');
  }
}
