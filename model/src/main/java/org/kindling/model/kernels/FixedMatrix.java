package org.kindling.model.kernels;

/**
 * A weight matrix (out, in) that never changes, so that it pays to lay it out once in the order in
 * which products read it. Lives as long as the kernels that made it.
 */
public sealed interface FixedMatrix permits PackedMatrix, PlainMatrix {
  /** What it takes outside the Java heap. */
  long bytes();
}
