/**
 * Text files as training data: found in any Hadoop file system, cut into byte ranges, tokenized by
 * Spark tasks, and kept by the executors as shards of token ids, in the order of files and bytes.
 * Ranges are cut where the tokenizer allows it, so their ids are those of the whole files; an
 * end-of-text token, if there is one, ends each file and joins it to the next.
 *
 * <p>{@link org.kindling.spark.corpus.TextFiles} finds the text, {@link
 * org.kindling.spark.corpus.Vocabulary} its characters, and {@link
 * org.kindling.spark.corpus.Corpus} makes the shards. Training, evaluation and what learns and
 * applies tokenizers may call this package; it knows neither models nor runs.
 */
package org.kindling.spark.corpus;
