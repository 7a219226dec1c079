package org.kindling.model.kernels;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A matrix product with what may be fused into it: {@code c = dropout(scale (a b + bias)) + add},
 * or {@code c += ...}.
 *
 * <p>Arrays have two dimensions, or four of which the first two are batch dimensions. Transposes
 * and heads are strides of the views given, so nothing is copied: with weights (out, in), {@code
 * x.weightᵀ} is {@code Product.of(x, w.transpose(), y)}.
 *
 * @param a (..., M, K); as b and add, the same for all of a batch dimension in which its size is 1
 * @param b (..., K, N)
 * @param c (..., M, N), rows contiguous
 * @param scale factor of the product
 * @param bias (1, N), with two dimensions only, or null
 * @param dropout mask of c's shape, with two dimensions only, or null
 * @param add (..., M, N), or null
 * @param accumulate whether c's old values are added
 * @param zeros which factor may have so many zeros that it pays to leave them out, or null; a hint,
 *     which changes c's rounding, and hides NaN and infinity behind a zero
 */
public record Product(
    INDArray a,
    INDArray b,
    INDArray c,
    double scale,
    INDArray bias,
    DropoutMask dropout,
    INDArray add,
    boolean accumulate,
    Factor zeros) {

  /** One of a product's two matrices. */
  public enum Factor {
    A,
    B
  }

  public Product {
    if (a.rank() > 2 && (bias != null || dropout != null)) {
      throw new IllegalArgumentException("bias and dropout go with two dimensions only");
    }
  }

  /** c = a b. */
  public static Product of(INDArray a, INDArray b, INDArray c) {
    return new Product(a, b, c, 1, null, null, null, false, null);
  }

  public Product scaled(double factor) {
    return new Product(a, b, c, factor, bias, dropout, add, accumulate, zeros);
  }

  public Product withBias(INDArray vector) {
    return new Product(a, b, c, scale, vector, dropout, add, accumulate, zeros);
  }

  public Product dropped(DropoutMask mask) {
    return new Product(a, b, c, scale, bias, mask, add, accumulate, zeros);
  }

  public Product plus(INDArray matrix) {
    return new Product(a, b, c, scale, bias, dropout, matrix, accumulate, zeros);
  }

  public Product accumulated() {
    return new Product(a, b, c, scale, bias, dropout, add, true, zeros);
  }

  public Product zerosIn(Factor factor) {
    return new Product(a, b, c, scale, bias, dropout, add, accumulate, factor);
  }

  /** Whether there are batch dimensions. */
  boolean isBatched() {
    return a.rank() > 2;
  }

  /** The batch's products one by one, on views. */
  List<Product> matrices() {
    List<Product> products = new ArrayList<>();
    for (int i = 0; i < c.size(0); i++) {
      for (int j = 0; j < c.size(1); j++) {
        products.add(
            new Product(
                matrix(a, i, j),
                matrix(b, i, j),
                matrix(c, i, j),
                scale,
                null,
                null,
                add == null ? null : matrix(add, i, j),
                accumulate,
                zeros));
      }
    }
    return products;
  }

  /**
   * Matrix (i, j) as a view; where there is but one, that. ND4J's own slice() takes some strided
   * views for empty arrays.
   */
  private static INDArray matrix(INDArray x, int i, int j) {
    long ofI = x.size(0) == 1 ? 0 : i * x.stride(0);
    long ofJ = x.size(1) == 1 ? 0 : j * x.stride(1);
    return Nd4j.create(
        x.data(),
        new long[] {x.size(2), x.size(3)},
        new long[] {x.stride(2), x.stride(3)},
        x.offset() + ofI + ofJ,
        'c');
  }
}
