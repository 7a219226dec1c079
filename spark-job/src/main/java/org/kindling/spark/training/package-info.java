/**
 * Training on Spark. {@link org.kindling.spark.training.Trainer} is the loop on the driver; a step
 * goes through {@link org.kindling.spark.training.GradientJob} (one Spark job), {@link
 * org.kindling.spark.training.GradientTask} (what a task does with its shards) and {@link
 * org.kindling.spark.training.PairwiseSum} (where gradients are added). {@link
 * org.kindling.spark.training.Transport} moves weights and gradients. Called by the command line
 * alone.
 */
package org.kindling.spark.training;
