package org.kindling.spark.generation;

import java.util.List;

/**
 * A row as the decoder needs it.
 *
 * @param ids the prompt's tokens, at least one
 * @param settings the row's own, else the job's
 * @param seeds one for each sample
 */
record Prompt(int[] ids, GenerationSettings settings, List<Long> seeds) {}
