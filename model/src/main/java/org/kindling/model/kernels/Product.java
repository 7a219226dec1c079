package org.kindling.model.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A matrix product with what may be fused into it: {@code c = dropout(scale (a b + bias)) + add}, or {@code c += ...}.
 *
 * <p>Arrays have two dimensions, or four of which the first two are batch dimensions. Transposes and heads are strides of the
 * views given, so nothing is copied: with weights (out, in), {@code x.weightᵀ} is {@code Product.of(x, w.transpose(), y)}.
 *
 * @param a (..., M, K)
 * @param b (..., K, N)
 * @param c (..., M, N), rows contiguous
 * @param scale factor of the product
 * @param bias (1, N) or null
 * @param dropout mask of c's shape or null
 * @param add (M, N), or (1, 1, M, N) for all batches alike, or null
 * @param accumulate whether c's old values are added
 */
public record Product(
    INDArray a,
    INDArray b,
    INDArray c,
    double scale,
    INDArray bias,
    DropoutMask dropout,
    INDArray add,
    boolean accumulate) {

  /** c = a b. */
  public static Product of(INDArray a, INDArray b, INDArray c) {
    return new Product(a, b, c, 1, null, null, null, false);
  }

  public Product scaled(double factor) {
    return new Product(a, b, c, factor, bias, dropout, add, accumulate);
  }

  public Product withBias(INDArray vector) {
    return new Product(a, b, c, scale, vector, dropout, add, accumulate);
  }

  public Product dropped(DropoutMask mask) {
    return new Product(a, b, c, scale, bias, mask, add, accumulate);
  }

  public Product plus(INDArray matrix) {
    return new Product(a, b, c, scale, bias, dropout, matrix, accumulate);
  }

  public Product accumulated() {
    return new Product(a, b, c, scale, bias, dropout, add, true);
  }
}
