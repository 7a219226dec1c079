package org.kindling.spark.training;

import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.Shard;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/** A Spark job for each step: weights are broadcast, gradients are task results. */
final class StepJob implements GradientJob {
  private final JavaSparkContext spark;
  private final StepPlan plan;
  private final JavaRDD<Shard> shards;

  StepJob(JavaSparkContext spark, StepPlan plan, JavaRDD<Shard> shards) {
    this.spark = spark;
    this.plan = plan;
    this.shards = shards;
  }

  @Override
  public Result run(float[] weights, long step, long last) {
    spark.sc().setJobDescription("step %d: gradients".formatted(step + 1));
    long start = System.nanoTime();
    try (Published published = Published.broadcast(spark, weights)) {
      long publishedNanos = System.nanoTime() - start;
      List<BlockGradient> blocks =
          new GradientTask(plan, step, published).runOn(shards, BlockGradient.class);
      PairwiseSum sum = new PairwiseSum(unused -> {}, true);
      long bytes = FloatVector.bytes(weights.length) * 2 * blocks.size();
      return Result.of(blocks, sum, start, publishedNanos, bytes);
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

  private static final class GradientTask extends PartitionTask<Shard, BlockGradient> {
    private static final long serialVersionUID = 1;

    private final StepPlan plan;
    private final long step;
    private final Published published;

    GradientTask(StepPlan plan, long step, Published published) {
      this.plan = plan;
      this.step = step;
      this.published = published;
    }

    @Override
    public BlockGradient apply(TaskContext context, Iterator<Shard> shards) {
      Iterable<Shard> block = () -> CollectionConverters.asJava(shards);
      return new ShardGradients(plan).of(block, step, published::weights);
    }
  }
}
