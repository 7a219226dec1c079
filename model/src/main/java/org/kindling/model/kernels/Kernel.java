package org.kindling.model.kernels;

/**
 * One operation bound to its arrays: everything is looked up and allocated when it is made, so
 * running it only computes.
 */
@FunctionalInterface
public interface Kernel {
  /**
   * Computes. The caller has made sure that this thread computes alone, see {@link SingleThread}.
   */
  void run();
}
