package org.kindling.spark.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkEnv;
import org.kindling.model.CounterHash;
import org.kindling.model.Replica;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.settings.WireType;

/**
 * A task's part of a step: the gradients of its shards, one shard after the other on one replica,
 * added in the fixed tree.
 *
 * <p>Everything is a function of (seed, step, shards, weights). A retry, a speculative copy or
 * another executor finds the same bits.
 */
final class ShardGradients {
  private final StepPlan plan;
  private final TaskSpace space = TaskSpace.ofThisJvm();

  ShardGradients(StepPlan plan) {
    this.plan = plan;
  }

  /**
   * Forward and backward for all of the shards' sequences of step {@code step}, counted from 0.
   *
   * @param weights loads the step's weights into a replica
   */
  TaskGradient of(Iterable<Shard> shards, long step, Consumer<Replica> weights) {
    return space.withReplica(
        plan.replicaShape(),
        replica -> {
          long start = System.nanoTime();
          weights.accept(replica);
          return sum(shards, step, replica, System.nanoTime() - start);
        });
  }

  private TaskGradient sum(Iterable<Shard> shards, long step, Replica replica, long weightsNanos) {
    long start = System.nanoTime();
    int size = replica.parameters().layout().size();
    List<FloatVector> apart = new ArrayList<>();
    PairwiseSum together = new PairwiseSum(space::giveBack, false);
    List<Double> lossSums = new ArrayList<>();
    for (Shard shard : shards) {
      replica.clearGradients();
      lossSums.add(accumulate(shard, step, replica));
      float[] gradient = space.borrowVector(size);
      replica.gradients(gradient);
      if (plan.wire() == WireType.BF16) {
        Bfloat16.round(gradient, gradient);
        apart.add(new FloatVector(gradient, WireType.BF16));
      } else {
        together.add(gradient);
      }
    }
    return new TaskGradient(
        apart.isEmpty() ? List.of(new FloatVector(together.result(), WireType.F32)) : apart,
        new TaskReport(
            SparkEnv.get().executorId(),
            lossSums.stream().mapToDouble(Double::doubleValue).toArray(),
            (long) lossSums.size() * plan.share() * plan.model().context(),
            weightsNanos,
            System.nanoTime() - start));
  }

  /** Draws the shard's sequences of this step and adds their gradients, a micro-batch at a time. */
  private double accumulate(Shard shard, long step, Replica replica) {
    int context = plan.model().context();
    int[] chunk = new int[context + 1];
    int[] inputs = new int[plan.microBatch() * context];
    int[] targets = new int[plan.microBatch() * context];
    long[] dropoutKeys = new long[plan.microBatch()];
    double lossSum = 0;
    for (int done = 0; done < plan.share(); done += plan.microBatch()) {
      for (int b = 0; b < plan.microBatch(); b++) {
        int sequence = shard.index() * plan.share() + done + b;
        shard.chunk(ChunkSampler.ordinal(plan.seed(), step, sequence, shard.starts()), chunk, 0);
        System.arraycopy(chunk, 0, inputs, b * context, context);
        System.arraycopy(chunk, 1, targets, b * context, context);
        dropoutKeys[b] = CounterHash.of(plan.seed(), step, sequence);
      }
      lossSum += replica.accumulate(inputs, targets, dropoutKeys);
    }
    return lossSum;
  }
}
