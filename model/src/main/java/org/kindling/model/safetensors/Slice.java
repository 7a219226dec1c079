package org.kindling.model.safetensors;

import java.util.Objects;

/**
 * A tensor as a stretch of a larger vector: written from it, or read into it, without a copy in
 * between.
 *
 * @param name the tensor's name in the file
 * @param shape dimensions, row-major; empty for a single number
 * @param vector the vector that the tensor is a part of
 * @param offset where the tensor's first value lies in {@code vector}
 */
public record Slice(String name, int[] shape, float[] vector, int offset) {

  public Slice {
    Objects.requireNonNull(name);
    Objects.checkFromIndexSize(offset, length(shape), vector.length);
  }

  /** Number of values: the product of the dimensions. */
  public int length() {
    return length(shape);
  }

  private static int length(int[] shape) {
    int length = 1;
    for (int dimension : shape) {
      length = Math.multiplyExact(length, dimension);
    }
    return length;
  }
}
