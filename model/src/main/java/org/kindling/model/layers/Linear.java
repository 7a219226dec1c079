package org.kindling.model.layers;

import static org.kindling.model.kernels.Product.Factor.A;
import static org.kindling.model.kernels.Product.Factor.B;

import org.kindling.model.Parameters;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.Product;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * y = dropout(x Wᵀ + b) [+ residual], with W (out, in) as stored; bias, dropout and addition happen
 * inside the product.
 *
 * <p>Backward reads dy and what forward read, overwrites dx and adds to W's and b's gradients.
 */
final class Linear implements Layer {
  private final Dropout dropout;
  private final Kernel training;
  private final Kernel inference;
  private final Kernel maskGradient;
  private final Kernel weightGradient;
  private final Kernel biasGradient;
  private final Kernel inputGradient;

  /**
   * The arrays a linear layer works on.
   *
   * @param x (N, in)
   * @param y (N, out)
   * @param dy gradient at y, (N, out)
   * @param dx gradient at x, (N, in)
   * @param residual what is added after dropout, (N, out), or null; its gradient is dy and the
   *     caller's affair
   * @param dropped scratch for the gradient behind dropout, (N, out); not used without dropout
   */
  record Arrays(
      INDArray x, INDArray y, INDArray dy, INDArray dx, INDArray residual, INDArray dropped) {
    Arrays(INDArray x, INDArray y, INDArray dy, INDArray dx) {
      this(x, y, dy, dx, null, null);
    }
  }

  /** Where a layer's arrays have many zeros while it is trained. */
  enum Zeros {
    NOWHERE,
    IN_X,
    IN_DY
  }

  /** The layer with weights {@code name.weight} and, if the model has it, {@code name.bias}. */
  Linear(Build build, String name, Arrays arrays, Dropout dropout) {
    this(build, name, arrays, dropout, Zeros.NOWHERE);
  }

  /** The same, where there are zeros to skip. */
  Linear(Build build, String name, Arrays arrays, Dropout dropout, Zeros zeros) {
    Kernels kernels = build.kernels();
    Parameters parameters = build.parameters();
    INDArray weight = parameters.weight(name + ".weight"); // (out, in)
    boolean hasBias = parameters.layout().has(name + ".bias");
    Product product = Product.of(arrays.x, weight.transpose(), arrays.y); // (N, out)
    if (hasBias) {
      product = product.withBias(parameters.weight(name + ".bias"));
    }
    if (arrays.residual != null) {
      product = product.plus(arrays.residual);
    }
    this.dropout = dropout;
    this.inference = kernels.product(product);
    Product dropped = dropout == null ? product : product.dropped(dropout.mask());
    if (zeros == Zeros.IN_X) {
      this.training = kernels.product(dropped.zerosIn(A));
    } else {
      this.training = dropout == null ? inference : kernels.product(dropped);
    }

    INDArray dy = dropout == null ? arrays.dy : arrays.dropped;
    this.maskGradient =
        dropout == null ? () -> {} : kernels.dropout(arrays.dy, dropout.mask(), arrays.dropped);
    Product dWeight =
        Product.of(dy.transpose(), arrays.x, parameters.gradient(name + ".weight"))
            .accumulated(); // (out, in)
    this.weightGradient =
        kernels.product(
            switch (zeros) {
              case NOWHERE -> dWeight;
              case IN_X -> dWeight.zerosIn(B);
              case IN_DY -> dWeight.zerosIn(A);
            });
    this.biasGradient =
        hasBias ? kernels.addRowSums(dy, parameters.gradient(name + ".bias")) : () -> {};
    Product dx = Product.of(dy, weight, arrays.dx); // (N, in)
    this.inputGradient = kernels.product(zeros == Zeros.IN_DY ? dx.zerosIn(A) : dx);
  }

  @Override
  public void forward(boolean isTraining) {
    if (isTraining && dropout != null) {
      dropout.draw();
    }
    (isTraining ? training : inference).run();
  }

  @Override
  public void backward() {
    maskGradient.run();
    weightGradient.run();
    biasGradient.run();
    inputGradient.run();
  }
}
