package org.kindling.model.decoding;

import java.util.ArrayList;
import java.util.List;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.decoding.FixedWeights.Dense;
import org.kindling.model.decoding.FixedWeights.Layer;
import org.kindling.model.decoding.FixedWeights.Norm;
import org.kindling.model.kernels.FixedProduct;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.LayerNormArrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * All of a GPT that treats rows one by one, for a fixed number of rows N: everything but embedding
 * and attention. What lies in the rows does not matter here: positions of one sequence or tokens of
 * many. Settings take parts away, as they do in training: norms, sums, projections at a branch's
 * end, the feed-forward layer.
 */
final class RowKernels {
  private final Kernels kernels;
  private final ModelSettings settings;
  private final RowBuffers rows;
  private final List<Kernel> beforeAttention = new ArrayList<>();
  private final List<Kernel> afterAttention = new ArrayList<>();
  private final Kernel head;

  RowKernels(Kernels kernels, FixedWeights weights, ModelSettings settings, RowBuffers rows) {
    this.kernels = kernels;
    this.settings = settings;
    this.rows = rows;
    for (Layer layer : weights.layers) {
      List<Kernel> before = new ArrayList<>();
      INDArray entry = entry(layer.norm1(), before);
      before.add(dense(entry, layer.toQkv(), null, rows.qkv(), false)); // (N, 3C)
      beforeAttention.add(inTurn(before));
      List<Kernel> after = new ArrayList<>();
      after.add(end(rows.mixed(), layer.project())); // (N, C)
      if (settings.feedForward()) {
        feedForward(layer, after);
      }
      afterAttention.add(inTurn(after));
    }
    List<Kernel> last = new ArrayList<>();
    INDArray entry = entry(weights.finalNorm, last);
    last.add(dense(entry, weights.head, null, rows.logits(), false)); // (N, V)
    this.head = inTurn(last);
  }

  private void feedForward(Layer layer, List<Kernel> to) {
    INDArray entry = entry(layer.norm2(), to);
    to.add(dense(entry, layer.expand(), settings.activation(), rows.wide(), false)); // (N, F)
    to.add(end(rows.wide(), layer.contract())); // (N, C)
  }

  /** What a branch reads: the residual stream, or its norm, which is computed first. */
  private INDArray entry(Norm norm, List<Kernel> to) {
    if (norm == null) {
      return rows.x();
    }
    to.add(norm(norm));
    return rows.normed();
  }

  /** A branch ends: x = y Wᵀ + b [+ x], or y [+ x] without a linear layer. */
  private Kernel end(INDArray y, Dense projection) {
    boolean adds = settings.residual();
    if (projection != null) {
      return dense(y, projection, null, rows.x(), adds);
    }
    return adds ? kernels.add(y, rows.x()) : kernels.copy(y, rows.x());
  }

  private static Kernel inTurn(List<Kernel> kernels) {
    return () -> {
      for (Kernel kernel : kernels) {
        kernel.run();
      }
    };
  }

  private Kernel norm(Norm norm) {
    return kernels.layerNorm(
        new LayerNormArrays(rows.x(), norm.gain(), norm.bias(), rows.mean(), rows.variance()),
        rows.normed());
  }

  private Kernel dense(
      INDArray x, Dense dense, Activation activation, INDArray y, boolean accumulate) {
    return kernels.fixedProduct(
        new FixedProduct(x, dense.matrix(), dense.bias(), activation, y, accumulate));
  }

  /** From the residual stream x to queries, keys and values. */
  void beforeAttention(int layer) {
    beforeAttention.get(layer).run();
  }

  /** From what attention mixed, the rest of the block; x becomes the residual stream after it. */
  void afterAttention(int layer) {
    afterAttention.get(layer).run();
  }

  /** From x to logits. */
  void head() {
    head.run();
  }
}
