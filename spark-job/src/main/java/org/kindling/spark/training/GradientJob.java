package org.kindling.spark.training;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.settings.ReductionType;

/**
 * The Spark job behind a step: weights go out, tasks compute, gradients come back and are added.
 *
 * <pre>
 * driver   weights                                           PairwiseSum: 01 + 23
 *             |                                               ^            ^
 * tasks       +--> ShardGradients, shards 0 1: g0 + g1 -------+            |
 *             +--> ShardGradients, shards 2 3: g2 + g3 --------------------+
 * </pre>
 *
 * <p>On a cluster each step is a job of its own, {@link StepJob}. In local mode, where a job's 6 ms
 * would be a fourth of a small model's step, the tasks of one {@link StandingJob} stay for many
 * steps. Both compute the same with the same code.
 */
sealed interface GradientJob extends AutoCloseable permits StepJob, StandingJob {
  /** The kind that fits where driver and tasks run. */
  static GradientJob of(
      JavaSparkContext spark, StepPlan plan, JavaRDD<Shard> shards, ReductionType reduction) {
    if (spark.isLocal()) {
      return new StandingJob(spark, plan, shards);
    }
    long vectorBytes = FloatVector.bytes(ParameterLayout.of(plan.model()).size(), plan.wire());
    int vectors = Reduction.vectors(plan.wire(), plan.shards(), shards.getNumPartitions());
    return new StepJob(spark, plan, shards, Reduction.of(reduction, vectors, vectorBytes));
  }

  /**
   * The gradient of a step's sequences at these weights.
   *
   * @param step counted from 0
   * @param last the last step, counted alike, before Spark's slots are needed for something else
   */
  Result run(float[] weights, long step, long last);

  /** Takes a result's gradient back for use in a later step. */
  default void release(float[] vector) {
    TaskSpace.ofThisJvm().giveBack(vector);
  }

  /**
   * After the last step: frees the slots, even if that step was not reached, and lets go of what
   * this JVM keeps for the next one. Evaluations between steps take over their idle replicas.
   */
  @Override
  void close();

  /**
   * What a step's tasks found, with the times that metrics.jsonl reports.
   *
   * @param gradient sum over all tokens, P values; to be given back to {@link #release}
   * @param lossSum sum over all tokens, in nats
   * @param tokens B T
   */
  record Result(
      float[] gradient,
      double lossSum,
      long tokens,
      double weightsMillis,
      double computeMillis,
      double reduceMillis,
      long bytesSent) {

    /**
     * @param start of the step, on the clock of System.nanoTime
     * @param publishedNanos what publishing the weights took of it on the driver
     * @param bytesSent that weights and gradients put on the wire
     */
    static Result of(GradientSum sum, long start, long publishedNanos, long bytesSent) {
      double weightsMillis = (publishedNanos + sum.weightsNanos()) / 1e6;
      double computeMillis = sum.computeNanos() / 1e6;
      double total = (System.nanoTime() - start) / 1e6;
      return new Result(
          sum.gradient(),
          sum.lossSum(),
          sum.tokens(),
          weightsMillis,
          computeMillis,
          Math.max(0, total - weightsMillis - computeMillis),
          bytesSent);
    }
  }
}
