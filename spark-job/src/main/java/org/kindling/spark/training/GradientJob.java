package org.kindling.spark.training;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.Shard;

/**
 * One step's Spark job: weights go out, tasks compute, gradients come back and are added.
 *
 * <pre>
 * driver   publish(weights)                                  PairwiseSum: 01 + 23
 *             |                                               ^            ^
 * tasks       +--> GradientTask, shards 0 1: g0 + g1 ---------+            |
 *             +--> GradientTask, shards 2 3: g2 + g3 ----------------------+
 * </pre>
 */
final class GradientJob {
  private final JavaSparkContext spark;
  private final StepPlan plan;
  private final JavaRDD<Shard> shards;
  private final Transport transport;

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
      long bytesSent) {}

  GradientJob(JavaSparkContext spark, StepPlan plan, JavaRDD<Shard> shards) {
    this.spark = spark;
    this.plan = plan;
    this.shards = shards;
    this.transport = Transport.of(spark);
  }

  /** Runs step {@code step}, counted from 0, on these weights. */
  Result run(float[] weights, long step) {
    spark.sc().setJobDescription("step %d: gradients".formatted(step + 1));
    long start = System.nanoTime();
    Transport.Published published = transport.publish(weights);
    try {
      long sent = System.nanoTime();
      List<BlockGradient> blocks =
          new GradientTask(plan, step, published).runOn(shards, BlockGradient.class);
      return reduce(blocks, weights.length, start, sent);
    } finally {
      published.close();
    }
  }

  /** Blocks come in the order of partitions, which is that of shards. */
  private Result reduce(List<BlockGradient> blocks, int size, long start, long sent) {
    PairwiseSum sum = new PairwiseSum(this::release, true);
    double lossSum = 0;
    long tokens = 0;
    long load = 0;
    long compute = 0;
    for (BlockGradient block : blocks) {
      sum.add(block.gradient().take());
      for (double shardLoss : block.lossSums()) {
        lossSum += shardLoss;
      }
      tokens += block.tokens();
      load = Math.max(load, block.weightsNanos());
      compute = Math.max(compute, block.computeNanos());
    }
    double weightsMillis = (sent - start + load) / 1e6;
    double total = (System.nanoTime() - start) / 1e6;
    return new Result(
        sum.result(),
        lossSum,
        tokens,
        weightsMillis,
        compute / 1e6,
        total - weightsMillis - compute / 1e6,
        transport.wireBytes(size) * 2 * blocks.size());
  }

  /** Takes a result's gradient back for use in a later step. */
  void release(float[] vector) {
    if (spark.isLocal()) {
      TaskSpace.ofThisJvm().giveBack(vector);
    }
  }
}
