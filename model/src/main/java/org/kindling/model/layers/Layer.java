package org.kindling.model.layers;

import org.kindling.model.kernels.Kernel;

/** One link of a network's chain: layers run forward in their order, and backward in reverse. */
interface Layer {
  /** Computes the output from the input; with dropout if training. */
  void forward(boolean training);

  /** Computes the gradient at the input from that at the output; adds to those of parameters. */
  void backward();

  /** A layer without dropout, of a kernel for each direction. */
  static Layer of(Kernel forward, Kernel backward) {
    return new Layer() {
      @Override
      public void forward(boolean training) {
        forward.run();
      }

      @Override
      public void backward() {
        backward.run();
      }
    };
  }
}
