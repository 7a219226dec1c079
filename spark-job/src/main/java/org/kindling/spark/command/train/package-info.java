/**
 * From settings to a finished run. {@link org.kindling.spark.command.train.TrainingRun} is the way
 * in: it finds the text ({@link org.kindling.spark.command.train.RunText}), reads or makes the
 * tokenizer ({@link org.kindling.spark.command.train.TokenizerChoice}), divides the text, and makes
 * or opens the directory; {@link org.kindling.spark.command.train.PreparedRun} trains, and what
 * listens there shows and writes how it goes; {@link org.kindling.spark.command.train.Trained} ends
 * it with a sample.
 *
 * <p>Prints, but knows no options and no picocli: those are the commands', which call this package.
 */
package org.kindling.spark.command.train;
