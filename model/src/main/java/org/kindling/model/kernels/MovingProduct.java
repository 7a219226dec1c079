package org.kindling.model.kernels;

/**
 * A {@link Product} whose arrays lie elsewhere at each run, with the same shapes and strides: one
 * kernel serves the heads of every sequence in every layer.
 */
@FunctionalInterface
public interface MovingProduct {
  /**
   * Computes on arrays that start so many values behind those that the kernel was made for. The
   * caller answers for their ends: native memory has no bounds of its own.
   */
  void run(long a, long b, long c);
}
