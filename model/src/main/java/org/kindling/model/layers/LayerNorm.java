package org.kindling.model.layers;

import org.kindling.model.Parameters;
import org.kindling.model.kernels.Kernel;
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
    INDArray mean = build.arena().array(build.rows(), 1);
    INDArray variance = build.arena().array(build.rows(), 1);
    INDArray gain = parameters.weight(name + ".weight");
    boolean hasBias = parameters.layout().has(name + ".bias");
    INDArray bias = hasBias ? parameters.weight(name + ".bias") : null;
    INDArray dBias = hasBias ? parameters.gradient(name + ".bias") : null;
    this.forward = build.kernels().layerNorm(x, gain, bias, y, mean, variance);
    this.backward =
        build
            .kernels()
            .layerNormBackward(
                x, gain, mean, variance, dy, dx, parameters.gradient(name + ".weight"), dBias);
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
