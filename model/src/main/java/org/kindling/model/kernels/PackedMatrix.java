package org.kindling.model.kernels;

import org.kindling.model.kernels.OneDnn.Memory;

/**
 * Weights in oneDNN's own layout: with AVX-512, blocks of 64 outputs, input after input.
 *
 * @param prefetch brings them into the caches, or does nothing
 */
record PackedMatrix(Memory memory, long bytes, Kernel prefetch) implements FixedMatrix {}
