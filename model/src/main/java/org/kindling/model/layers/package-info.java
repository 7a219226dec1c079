/**
 * The layers of a GPT, forward and backward side by side, each bound to its arrays when it is made.
 * A line that changes a shape ends in the new shape; B sequences, T tokens each, N = B T, C
 * embedding, H heads, D = C / H, V vocabulary. Used by the replica alone.
 */
package org.kindling.model.layers;
