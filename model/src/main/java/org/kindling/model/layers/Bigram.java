package org.kindling.model.layers;

import org.kindling.model.kernels.Kernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The lecture's first model: a token's row of one (V, V) table holds the logits of the token after
 * it.
 */
final class Bigram implements Network {
  private final INDArray logits;
  private final Kernel forward;
  private final Kernel backward;

  Bigram(Build build, int[] ids) {
    this.logits = build.arena().array(build.rows(), build.settings().vocabulary());
    this.forward =
        build.kernels().embedding(ids, build.parameters().weight("table.weight"), null, logits);
    this.backward =
        build
            .kernels()
            .embeddingBackward(ids, logits, build.parameters().gradient("table.weight"), null);
  }

  @Override
  public INDArray logits() {
    return logits;
  }

  @Override
  public void forward(boolean training) {
    forward.run();
  }

  @Override
  public void backward() {
    backward.run();
  }

  @Override
  public void attention(int layer, float[][][][] into) {
    throw new IllegalArgumentException("a bigram has no attention");
  }
}
