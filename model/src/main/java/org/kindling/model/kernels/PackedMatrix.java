package org.kindling.model.kernels;

import org.kindling.model.kernels.OneDnn.Memory;

/**
 * Weights in a layout of oneDNN's: with AVX2 or AVX-512, blocks of 32 outputs, input after input.
 */
record PackedMatrix(Memory memory, long bytes) implements FixedMatrix {}
