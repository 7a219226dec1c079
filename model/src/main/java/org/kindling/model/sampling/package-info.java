/**
 * From logits to the next token: greedy choice, temperature, top-k and top-p, in that order of
 * application, with draws that depend on a seed alone. Knows no Spark.
 */
package org.kindling.model.sampling;
