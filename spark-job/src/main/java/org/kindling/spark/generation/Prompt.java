package org.kindling.spark.generation;

import java.util.function.IntToLongFunction;

/**
 * A row as the decoder needs it.
 *
 * @param ids the prompt's tokens, at least one
 * @param settings the row's own, else the job's
 * @param seeds the seed of each sample, by its number from 0
 */
record Prompt(int[] ids, GenerationSettings settings, IntToLongFunction seeds) {}
