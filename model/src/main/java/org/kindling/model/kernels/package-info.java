/**
 * The numerical kernels of a replica behind one small interface, {@link
 * org.kindling.model.kernels.Kernels}, with two implementations: oneDNN on ND4J's memory, and ND4J
 * alone. A kernel is bound to its arrays when it is made and allocates nothing when it runs. Called
 * by {@code org.kindling.model.layers} and the replica; knows no layer and no model.
 */
package org.kindling.model.kernels;
