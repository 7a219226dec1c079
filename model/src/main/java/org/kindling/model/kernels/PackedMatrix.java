package org.kindling.model.kernels;

import org.kindling.model.kernels.OneDnn.Memory;

/** Weights in oneDNN's own layout: with AVX-512, blocks of 64 outputs, input after input. */
record PackedMatrix(Memory memory, long bytes) implements FixedMatrix {}
