/**
 * The command line: {@link org.kindling.spark.command.Kindling} and its subcommands. Reads options,
 * calls settings, corpus, training and run, and prints. Nothing depends on this package.
 */
package org.kindling.spark.command;
