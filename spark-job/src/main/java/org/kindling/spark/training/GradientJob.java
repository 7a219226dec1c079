package org.kindling.spark.training;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.Shard;

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
 * <p>On a cluster each step is a job of its own, {@link StepJob}. In local mode, where a job costs
 * a third of a small model's step, the tasks of one {@link StandingJob} stay for many steps. Both
 * compute the same with the same code.
 */
sealed interface GradientJob extends AutoCloseable permits StepJob, StandingJob {
  /** The kind that fits where driver and tasks run. */
  static GradientJob of(JavaSparkContext spark, StepPlan plan, JavaRDD<Shard> shards) {
    return spark.isLocal()
        ? new StandingJob(spark, plan, shards)
        : new StepJob(spark, plan, shards);
  }

  /**
   * The gradient of a step's sequences at these weights.
   *
   * @param step counted from 0
   * @param last the last step, counted alike, before Spark's slots are needed for something else
   */
  Result run(float[] weights, long step, long last);

  /** Takes a result's gradient back for use in a later step. */
  void release(float[] vector);

  /** Frees the slots, even if the last step was not reached. */
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
     * Adds the blocks, in the order of shards.
     *
     * @param sum into which the gradients go
     * @param start of the step, on the clock of System.nanoTime
     * @param publishedNanos what publishing the weights took of it on the driver
     */
    static Result of(
        List<BlockGradient> blocks,
        PairwiseSum sum,
        long start,
        long publishedNanos,
        long bytesSent) {
      double lossSum = 0;
      long tokens = 0;
      long load = 0;
      long compute = 0;
      for (BlockGradient block : blocks) {
        sum.add(block.gradient().values());
        for (double shardLoss : block.lossSums()) {
          lossSum += shardLoss;
        }
        tokens += block.tokens();
        load = Math.max(load, block.weightsNanos());
        compute = Math.max(compute, block.computeNanos());
      }
      float[] gradient = sum.result();
      double weightsMillis = (publishedNanos + load) / 1e6;
      double computeMillis = compute / 1e6;
      double total = (System.nanoTime() - start) / 1e6;
      return new Result(
          gradient,
          lossSum,
          tokens,
          weightsMillis,
          computeMillis,
          Math.max(0, total - weightsMillis - computeMillis),
          bytesSent);
    }
  }
}
