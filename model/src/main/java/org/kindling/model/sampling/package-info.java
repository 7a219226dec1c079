/**
 * From logits to the next token: greedy choice, or repetition penalty, temperature, top-k, top-p
 * and min-p, in that order of application, with draws that depend on a seed alone. Knows no Spark.
 */
package org.kindling.model.sampling;
