package org.kindling.model.layers;

import org.kindling.model.CounterHash;
import org.kindling.model.kernels.DropoutMask;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A place where values are dropped while training (Srivastava et al., JMLR 2014). Its mask for a
 * sequence is a function of the sequence's key, which stands for (seed, step, sequence), and of the
 * place.
 */
final class Dropout {
  private final DropoutMask mask;
  private final int place;
  private final long[] keys;

  private Dropout(DropoutMask mask, int place, long[] keys) {
    this.mask = mask;
    this.place = place;
    this.keys = keys;
  }

  /** Dropout on an array of B stretches of that length, or null where the probability is 0. */
  static Dropout of(Build build, int length) {
    if (build.settings().dropout() == 0) {
      return null;
    }
    DropoutMask mask = build.kernels().mask(build.sequences(), length, build.settings().dropout());
    return new Dropout(mask, build.nextPlace(), build.keys());
  }

  DropoutMask mask() {
    return mask;
  }

  /** Draws the masks of all sequences for this pass; the backward pass uses them again. */
  void draw() {
    for (int b = 0; b < keys.length; b++) {
      mask.fill(b, CounterHash.of(keys[b], place));
    }
  }

  /** Dropout in x's own place; backward reads dy and overwrites dx. */
  Layer layer(Kernels kernels, INDArray x, INDArray dy, INDArray dx) {
    Kernel drop = kernels.dropout(x, mask, x);
    Kernel dropGradient = kernels.dropout(dy, mask, dx);
    return new Layer() {
      @Override
      public void forward(boolean training) {
        if (training) {
          draw();
          drop.run();
        }
      }

      @Override
      public void backward() {
        dropGradient.run();
      }
    };
  }
}
