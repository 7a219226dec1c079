package org.kindling.spark.training;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.api.java.JavaRDD;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.settings.ReductionType;
import org.kindling.spark.settings.WireType;

/**
 * How the gradients of a cluster's tasks are added: one fixed tree for each value, whoever adds.
 */
sealed interface Reduction permits Reduction.Collected, SliceReduction {
  /** So many bytes reach the driver sooner than a shuffle's second stage starts. */
  long SMALL = 8 << 20;

  /** Runs the tasks of a step and adds what they find. */
  GradientSum sum(JavaRDD<Shard> shards, GradientTask task);

  /** How many vectors all tasks of a step have: a sum each, or each shard's if the wire rounds. */
  static int vectors(WireType wire, int shards, int tasks) {
    return wire == WireType.F32 ? tasks : shards;
  }

  /**
   * The one that is asked for; or, if that is left open, the driver where it receives no more than
   * two vectors, or {@value #SMALL} bytes, and slices beyond that.
   *
   * @param vectors of all tasks
   * @param vectorBytes of each on the wire
   */
  static Reduction of(ReductionType type, int vectors, long vectorBytes) {
    boolean collects =
        switch (type) {
          case COLLECT -> true;
          case SHUFFLE -> false;
          case AUTO -> vectors <= 2 || vectors * vectorBytes <= SMALL;
        };
    return collects ? new Collected() : new SliceReduction();
  }

  /** The driver fetches each task's vectors and adds them. */
  record Collected() implements Reduction {
    @Override
    public GradientSum sum(JavaRDD<Shard> shards, GradientTask task) {
      // What a task has found is fetched while others are still at work.
      List<CompletableFuture<TaskGradient>> arriving =
          task.runOn(shards, TaskParcels.class, TaskParcels::fetch);
      return GradientSum.of(
          Parcel.await(arriving), task.plan().wire(), TaskSpace.ofThisJvm()::giveBack, true);
    }
  }
}
