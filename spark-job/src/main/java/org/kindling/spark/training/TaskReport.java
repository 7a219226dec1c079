package org.kindling.spark.training;

import java.io.Serializable;

/**
 * What a task reports of a step besides gradients.
 *
 * @param executor that it ran on
 * @param lossSums each shard's sum of losses in nats, in order
 * @param tokens how many losses those are
 * @param weightsNanos time until the weights were there and in the replica
 * @param computeNanos time of forward and backward passes and of adding shards
 */
record TaskReport(
    String executor, double[] lossSums, long tokens, long weightsNanos, long computeNanos)
    implements Serializable {
  private static final long serialVersionUID = 1;
}
