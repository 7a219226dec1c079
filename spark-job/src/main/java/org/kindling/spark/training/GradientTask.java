package org.kindling.spark.training;

import org.apache.spark.TaskContext;
import org.kindling.spark.corpus.Shard;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/** A cluster's task of one step: its block's gradient, at weights that executors pass on. */
final class GradientTask extends PartitionTask<Shard, BlockParcels> {
  private static final long serialVersionUID = 1;

  private final StepPlan plan;
  private final long step;
  private final PassedWeights published;

  /** The task of step {@code step}, counted from 0. */
  GradientTask(StepPlan plan, long step, PassedWeights published) {
    this.plan = plan;
    this.step = step;
    this.published = published;
  }

  StepPlan plan() {
    return plan;
  }

  /** Counted from 0. */
  long step() {
    return step;
  }

  @Override
  public BlockParcels apply(TaskContext context, Iterator<Shard> shards) {
    return BlockParcels.leave(of(CollectionConverters.asJava(shards)), broadcast());
  }

  /** As whose blocks the weights came. */
  long broadcast() {
    return published.life().id();
  }

  BlockGradient of(java.util.Iterator<Shard> shards) {
    return new ShardGradients(plan).of(() -> shards, step, published::loadInto);
  }
}
