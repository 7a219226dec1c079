/**
 * Text files as training data: found in any Hadoop file system, cut into byte ranges, tokenized by
 * Spark tasks, and kept by the executors as shards of token ids, in the order of files and bytes.
 *
 * <p>{@link org.kindling.spark.corpus.TextFiles} finds the text, {@link
 * org.kindling.spark.corpus.Vocabulary} its characters, and {@link
 * org.kindling.spark.corpus.Corpus} makes the shards. Training and evaluation may call this
 * package; it knows neither models nor runs.
 */
package org.kindling.spark.corpus;
