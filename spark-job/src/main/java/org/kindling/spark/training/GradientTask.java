package org.kindling.spark.training;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.kindling.model.Mix;
import org.kindling.model.Replica;
import org.kindling.spark.corpus.ChunkSampler;
import org.kindling.spark.corpus.Shard;
import scala.collection.Iterator;

/**
 * One task of a step: the gradients of its block of shards, one shard after the other on one
 * replica, added in the fixed tree.
 *
 * <p>Everything it does is a function of (seed, step, shards, weights). A retry, a speculative copy
 * or another executor returns the same bits.
 */
final class GradientTask extends PartitionTask<Shard, BlockGradient> {
  private static final long serialVersionUID = 1;

  private final StepPlan plan;
  private final long step;
  private final Transport.Published published;

  /** The task of step {@code step}, counted from 0. */
  GradientTask(StepPlan plan, long step, Transport.Published published) {
    this.plan = plan;
    this.step = step;
    this.published = published;
  }

  @Override
  public BlockGradient apply(TaskContext context, Iterator<Shard> shards) {
    return TaskSpace.ofThisJvm()
        .withReplica(plan.replicaShape(), replica -> gradient(shards, replica));
  }

  private BlockGradient gradient(Iterator<Shard> shards, Replica replica) {
    long start = System.nanoTime();
    replica.load(published.weights());
    long loaded = System.nanoTime();
    TaskSpace space = TaskSpace.ofThisJvm();
    int size = replica.parameters().layout().size();
    PairwiseSum sum = new PairwiseSum(space::giveBack, false);
    List<Double> lossSums = new ArrayList<>();
    while (shards.hasNext()) {
      replica.clearGradients();
      lossSums.add(accumulate(shards.next(), replica));
      float[] gradient = space.borrowVector(size);
      replica.gradients(gradient);
      sum.add(gradient);
    }
    return new BlockGradient(
        published.hand(sum.result()),
        lossSums.stream().mapToDouble(Double::doubleValue).toArray(),
        (long) lossSums.size() * plan.share() * plan.model().context(),
        loaded - start,
        System.nanoTime() - loaded);
  }

  /** Draws the shard's sequences of this step and adds their gradients, a micro-batch at a time. */
  private double accumulate(Shard shard, Replica replica) {
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
        dropoutKeys[b] = Mix.of(plan.seed(), step, sequence);
      }
      lossSum += replica.accumulate(inputs, targets, dropoutKeys);
    }
    return lossSum;
  }
}
