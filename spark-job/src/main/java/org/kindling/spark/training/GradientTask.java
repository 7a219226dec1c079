package org.kindling.spark.training;

import org.apache.spark.TaskContext;
import org.kindling.spark.corpus.Shard;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/** A cluster's task of one step: its block's gradient, at weights that were broadcast. */
final class GradientTask extends PartitionTask<Shard, BlockGradient> {
  private static final long serialVersionUID = 1;

  private final StepPlan plan;
  private final long step;
  private final Published published;

  /** The task of step {@code step}, counted from 0. */
  GradientTask(StepPlan plan, long step, Published published) {
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
  public BlockGradient apply(TaskContext context, Iterator<Shard> shards) {
    return of(CollectionConverters.asJava(shards));
  }

  BlockGradient of(java.util.Iterator<Shard> shards) {
    return new ShardGradients(plan).of(() -> shards, step, published::loadInto);
  }
}
