package org.kindling.spark.training;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.JobDescription;
import org.kindling.spark.corpus.Shard;

/**
 * A Spark job for each step: weights are broadcast, gradients come back through a {@link
 * Reduction}.
 */
final class StepJob implements GradientJob {
  private final JavaSparkContext spark;
  private final StepPlan plan;
  private final JavaRDD<Shard> shards;
  private final Reduction reduction;
  private final WireWeights wireWeights;

  StepJob(JavaSparkContext spark, StepPlan plan, JavaRDD<Shard> shards, Reduction reduction) {
    this.spark = spark;
    this.plan = plan;
    this.shards = shards;
    this.reduction = reduction;
    this.wireWeights = new WireWeights(plan.wire());
  }

  @Override
  public Result run(float[] weights, long step, long last) {
    return JobDescription.describe(
        spark, "step %d: gradients".formatted(step + 1), () -> run(weights, step));
  }

  private Result run(float[] weights, long step) {
    long start = System.nanoTime();
    FloatVector vector = new FloatVector(wireWeights.of(weights), plan.wire());
    try (Published published = Published.broadcast(spark, vector, shards.getNumPartitions())) {
      long publishedNanos = System.nanoTime() - start;
      GradientSum sum = reduction.sum(shards, new GradientTask(plan, step, published));
      return Result.of(sum, start, publishedNanos, sum.executors() * vector.bytes() + sum.bytes());
    }
  }

  @Override
  public void release(float[] vector) {
    // Each step's vectors come from the wire.
  }

  @Override
  public void close() {
    // Between steps there is no job.
  }
}
