/**
 * Files of text as training data: found in any Hadoop file system, cut into byte ranges, tokenized
 * by Spark tasks, and kept by the executors as shards of token ids, in the order of documents.
 * Documents are files of text, JSON lines or rows of Parquet tables. Ranges are cut where the
 * format and the tokenizer allow it, so their ids are those of the whole documents; an end-of-text
 * token, if there is one, ends each document and joins it to the next.
 *
 * <p>{@link org.kindling.spark.corpus.TextFiles} finds the files, {@link
 * org.kindling.spark.corpus.DocumentReader} reads them, {@link
 * org.kindling.spark.corpus.CharacterCounts} counts their characters, and {@link
 * org.kindling.spark.corpus.Corpus} makes the shards. Training, generation, tokenizing and the
 * command line may call this package; it knows settings and tokenizers, and neither models nor
 * runs.
 */
package org.kindling.spark.corpus;
