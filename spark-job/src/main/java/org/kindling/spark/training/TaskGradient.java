package org.kindling.spark.training;

import java.io.Serializable;
import java.util.List;

/**
 * What a task finds in a step: sums over its shards, never averages.
 *
 * @param gradients sums of the gradients of tokens' losses, P values each: one for all its shards;
 *     or, with a wire that rounds, one for each shard in order, since their sum has more bits than
 *     the wire takes, and the result must not depend on who adds
 * @param report the rest; null in all slices but the first, where gradients travel in slices
 */
record TaskGradient(List<FloatVector> gradients, TaskReport report) implements Serializable {
  private static final long serialVersionUID = 1;
}
