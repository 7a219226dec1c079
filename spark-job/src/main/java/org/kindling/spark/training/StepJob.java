package org.kindling.spark.training;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.session.JobDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Spark job for each step: weights are passed on, gradients come back through a {@link
 * Reduction}.
 */
final class StepJob implements GradientJob {
  private static final Logger LOG = LoggerFactory.getLogger(StepJob.class);

  /** As often as Spark tries a task. */
  private static final int ATTEMPTS = 4;

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
    try (PassedWeights published =
        PassedWeights.publish(spark, vector, shards.getNumPartitions())) {
      long publishedNanos = System.nanoTime() - start;
      GradientSum sum = sum(new GradientTask(plan, step, published));
      return Result.of(sum, start, publishedNanos, sum.executors() * vector.bytes() + sum.bytes());
    }
  }

  /**
   * Once more if an executor was lost after its tasks' end, before the driver had their vectors.
   */
  private GradientSum sum(GradientTask task) {
    for (int attempt = 1; ; attempt++) {
      try {
        return reduction.sum(shards, task);
      } catch (Parcel.LostException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        LOG.warn("{}; once more", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    TaskSpace.ofThisJvm().clear(); // between steps there is no job, only the driver's vectors
  }
}
