package org.kindling.model.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What both passes of a layer norm know.
 *
 * @param x (N, C)
 * @param gain (1, C)
 * @param bias (1, C) or null
 * @param mean (N, 1), written by the forward pass and kept for the backward pass
 * @param variance (N, 1), likewise
 */
public record LayerNormArrays(
    INDArray x, INDArray gain, INDArray bias, INDArray mean, INDArray variance) {}
