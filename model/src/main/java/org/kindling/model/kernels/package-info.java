/**
 * The numerical kernels behind one small interface, {@link org.kindling.model.kernels.Kernels},
 * with two implementations: oneDNN on ND4J's memory, with loops of our own that skip zeros, and
 * ND4J alone; and the memory they work on, {@link org.kindling.model.kernels.Arena}. A kernel is
 * bound to its arrays when it is made and allocates nothing when it runs. Called by the layers, the
 * replica and decoding; who makes those picks the implementation with {@link
 * org.kindling.model.kernels.KernelChooser}. Knows no layer, no settings and no parameters.
 */
package org.kindling.model.kernels;
