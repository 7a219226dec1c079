/**
 * Kindling's jobs on Spark, a package for each topic; the command line is in {@link
 * org.kindling.spark.command}. Here is only what all of them throw at a user's mistake, {@link
 * org.kindling.spark.InputException}.
 */
package org.kindling.spark;
