package org.kindling.spark.training;

import org.apache.spark.TaskContext;
import org.kindling.spark.corpus.Shard;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/** A cluster's task of one step: the gradient of its shards, at weights that executors pass on. */
final class GradientTask extends PartitionTask<Shard, TaskParcels> {
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
  public TaskParcels apply(TaskContext context, Iterator<Shard> shards) {
    return TaskParcels.leave(of(CollectionConverters.asJava(shards)), broadcast());
  }

  /** As whose blocks the weights came. */
  long broadcast() {
    return published.life().id();
  }

  TaskGradient of(java.util.Iterator<Shard> shards) {
    return new ShardGradients(plan).of(() -> shards, step, published::loadInto);
  }
}
