/**
 * The command line: {@link org.kindling.spark.command.Kindling} and its subcommands. Reads options
 * and settings, calls corpus, tokenizing, training, generation, run, report and tensorboard, and
 * prints. Nothing depends on this package.
 */
package org.kindling.spark.command;
