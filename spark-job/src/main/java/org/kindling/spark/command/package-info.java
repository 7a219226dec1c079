/**
 * The command line: {@link org.kindling.spark.command.Kindling} and its subcommands. Reads options
 * and settings, calls corpus, tokenizing, training, generation, run and report, and prints. What
 * {@code train} and {@code ladder} start is the package below, {@link
 * org.kindling.spark.command.train}. Nothing depends on this package.
 */
package org.kindling.spark.command;
