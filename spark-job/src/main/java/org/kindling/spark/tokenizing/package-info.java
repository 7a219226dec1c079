/**
 * Tokenizers on Spark: byte-level BPE learned from any amount of text, existing tokenizers read
 * from any Hadoop file system, and files of text encoded in parallel.
 *
 * <p>{@link org.kindling.spark.tokenizing.PreTokenCounting} is the job that counts pre-tokens,
 * {@link org.kindling.spark.tokenizing.TokenizerPath} the way to files that exist, and {@link
 * org.kindling.spark.tokenizing.EncodedParts} the job that encodes. The command line may call this
 * package; it knows neither models nor runs.
 */
package org.kindling.spark.tokenizing;
