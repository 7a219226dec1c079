/**
 * Training on Spark. {@link org.kindling.spark.training.Trainer} is the loop on the driver; a step
 * goes through {@link org.kindling.spark.training.GradientJob} (a Spark job a step on clusters, one
 * for many steps in local mode), {@link org.kindling.spark.training.ShardGradients} (what a task
 * does with its shards) and {@link org.kindling.spark.training.PairwiseSum} (where gradients are
 * added). On clusters {@link org.kindling.spark.training.PassedWeights} moves a step's weights and
 * {@link org.kindling.spark.training.Reduction} its gradients; in local mode both change hands at a
 * {@link org.kindling.spark.training.Rendezvous}. {@link org.kindling.spark.training.Evaluation} is
 * a job of its own, whose weights go by {@link org.kindling.spark.training.EvaluationWeights}.
 *
 * <p>Knows models, settings, shards of a corpus and run directories. Called by the command line
 * alone.
 */
package org.kindling.spark.training;
