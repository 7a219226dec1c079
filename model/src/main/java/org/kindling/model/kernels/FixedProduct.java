package org.kindling.model.kernels;

import org.kindling.model.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A linear layer of a model that is not trained: {@code y = activation(x Wᵀ + bias)}, or {@code y
 * += ...}.
 *
 * @param x (N, in), contiguous
 * @param weight W, (out, in)
 * @param bias (1, out) or null
 * @param activation or null for none
 * @param y (N, out), contiguous
 * @param accumulate whether y's old values are added, behind the activation
 */
public record FixedProduct(
    INDArray x,
    FixedMatrix weight,
    INDArray bias,
    Activation activation,
    INDArray y,
    boolean accumulate) {}
