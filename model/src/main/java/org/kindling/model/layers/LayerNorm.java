package org.kindling.model.layers;

import org.kindling.model.Parameters;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.LayerNormArrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Normalises each row to mean 0 and variance 1, then scales by a gain and shifts by a bias, if any.
 *
 * <p>Backward reads dy and x, overwrites dx and adds to the gain's and bias's gradients. Keeps each
 * row's mean and variance.
 */
final class LayerNorm implements Layer {
  private final Kernel forward;
  private final Kernel backward;

  /** x, y, dy, dx: (N, C). */
  LayerNorm(Build build, String name, INDArray x, INDArray y, INDArray dy, INDArray dx) {
    Parameters parameters = build.parameters();
    boolean hasBias = parameters.layout().has(name + ".bias");
    LayerNormArrays arrays =
        new LayerNormArrays(
            x,
            parameters.weight(name + ".weight"),
            hasBias ? parameters.weight(name + ".bias") : null,
            build.arena().array(build.rows(), 1),
            build.arena().array(build.rows(), 1));
    this.forward = build.kernels().layerNorm(arrays, y);
    this.backward =
        build
            .kernels()
            .layerNormBackward(
                arrays,
                dy,
                dx,
                parameters.gradient(name + ".weight"),
                hasBias ? parameters.gradient(name + ".bias") : null);
  }

  @Override
  public void forward(boolean training) {
    forward.run();
  }

  @Override
  public void backward() {
    backward.run();
  }
}
