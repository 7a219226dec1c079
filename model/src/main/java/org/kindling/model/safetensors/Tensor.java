package org.kindling.model.safetensors;

/**
 * A tensor as it was read: its own array, row-major.
 *
 * @param shape dimensions; empty for a single number
 * @param values as many as the product of the dimensions
 */
public record Tensor(int[] shape, float[] values) {}
