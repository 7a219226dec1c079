package org.kindling.model.benchmark;

import org.kindling.model.Activation;
import org.kindling.model.kernels.DropoutMask;
import org.kindling.model.kernels.FixedMatrix;
import org.kindling.model.kernels.FixedProduct;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.LayerNormArrays;
import org.kindling.model.kernels.MovingProduct;
import org.kindling.model.kernels.Product;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Kernels that pass everything on and count what matrix products do and how long they take. */
final class CountedProducts implements Kernels {
  private final Kernels kernels;
  private double operations;
  private long nanos;

  CountedProducts(Kernels kernels) {
    this.kernels = kernels;
  }

  /** Multiplications and additions since the last reset. */
  double operations() {
    return operations;
  }

  /** Time within products since the last reset. */
  long nanos() {
    return nanos;
  }

  void reset() {
    operations = 0;
    nanos = 0;
  }

  @Override
  public Kernel product(Product product) {
    Kernel kernel = kernels.product(product);
    double work = 2.0 * product.c().length() * product.a().size(-1);
    return () -> {
      long start = System.nanoTime();
      kernel.run();
      nanos += System.nanoTime() - start;
      operations += work;
    };
  }

  @Override
  public MovingProduct movingProduct(Product product) {
    return kernels.movingProduct(product);
  }

  @Override
  public FixedMatrix fixed(INDArray weight) {
    return kernels.fixed(weight);
  }

  @Override
  public Kernel fixedProduct(FixedProduct product) {
    return kernels.fixedProduct(product);
  }

  @Override
  public String describe() {
    return kernels.describe();
  }

  @Override
  public DataType type() {
    return kernels.type();
  }

  @Override
  public Kernel addRowSums(INDArray x, INDArray sum) {
    return kernels.addRowSums(x, sum);
  }

  @Override
  public Kernel add(INDArray x, INDArray into) {
    return kernels.add(x, into);
  }

  @Override
  public Kernel copy(INDArray x, INDArray into) {
    return kernels.copy(x, into);
  }

  @Override
  public Kernel layerNorm(LayerNormArrays arrays, INDArray y) {
    return kernels.layerNorm(arrays, y);
  }

  @Override
  public Kernel layerNormBackward(
      LayerNormArrays arrays, INDArray dy, INDArray dx, INDArray dGain, INDArray dBias) {
    return kernels.layerNormBackward(arrays, dy, dx, dGain, dBias);
  }

  @Override
  public Kernel activation(Activation activation, INDArray x, INDArray y) {
    return kernels.activation(activation, x, y);
  }

  @Override
  public Kernel activationBackward(Activation activation, INDArray x, INDArray dy) {
    return kernels.activationBackward(activation, x, dy);
  }

  @Override
  public Kernel softmax(INDArray x) {
    return kernels.softmax(x);
  }

  @Override
  public Kernel softmaxBackward(INDArray p, INDArray dp) {
    return kernels.softmaxBackward(p, dp);
  }

  @Override
  public DropoutMask mask(int sequences, int length, double probability) {
    return kernels.mask(sequences, length, probability);
  }

  @Override
  public Kernel dropout(INDArray x, DropoutMask mask, INDArray y) {
    return kernels.dropout(x, mask, y);
  }

  @Override
  public Kernel embedding(int[] ids, INDArray table, INDArray positions, INDArray x) {
    return kernels.embedding(ids, table, positions, x);
  }

  @Override
  public Kernel embeddingBackward(int[] ids, INDArray dx, INDArray dTable, INDArray dPositions) {
    return kernels.embeddingBackward(ids, dx, dTable, dPositions);
  }

  @Override
  public Kernel crossEntropy(INDArray logits, int[] targets, double[] losses) {
    return kernels.crossEntropy(logits, targets, losses);
  }

  @Override
  public Kernel crossEntropyBackward(INDArray logProbabilities, int[] targets) {
    return kernels.crossEntropyBackward(logProbabilities, targets);
  }

  @Override
  public void close() {
    kernels.close();
  }
}
