/**
 * Training on Spark. {@link org.kindling.spark.training.Trainer} is the loop on the driver; a step
 * goes through {@link org.kindling.spark.training.GradientJob} (a Spark job a step on clusters, one
 * for many steps in local mode), {@link org.kindling.spark.training.ShardGradients} (what a task
 * does with its shards) and {@link org.kindling.spark.training.PairwiseSum} (where gradients are
 * added). {@link org.kindling.spark.training.Published} moves weights, {@link
 * org.kindling.spark.training.Reduction} gradients. Called by the command line alone.
 */
package org.kindling.spark.training;
