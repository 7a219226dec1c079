package org.kindling.spark.training;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.kindling.model.ModelSettings;
import org.kindling.model.Replica;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.Kernels;
import org.kindling.spark.corpus.WindowShard;

/**
 * The loss over windows of the validation split, computed by Spark tasks. Losses are added in the order of windows, so the number
 * is the same on any cluster.
 */
public final class Evaluation {
  private final JavaSparkContext spark;
  private final TaskSpace.Shape shape;
  private final JavaRDD<WindowShard> windows;

  /**
   * A finished evaluation.
   *
   * @param lossSum over all targets, in nats
   * @param targets how many there are
   */
  public record Result(double lossSum, long targets) {
    /** Mean loss of a token, in nats. */
    public double loss() {
      return lossSum / targets;
    }

    /** exp(loss): how many equally likely tokens the model is as unsure about. */
    public double perplexity() {
      return Math.exp(loss());
    }
  }

  /** Evaluates with replicas of {@code sequences} windows at once. */
  public Evaluation(
      JavaSparkContext spark,
      ModelSettings model,
      KernelChoice kernels,
      int sequences,
      JavaRDD<WindowShard> windows) {
    this.spark = spark;
    this.shape = new TaskSpace.Shape(model, sequences, kernels);
    this.windows = windows;
  }

  /** The loss of these weights, P values. */
  public Result run(float[] weights) {
    spark.sc().setJobDescription("evaluate");
    Transport.Published published = Transport.of(spark).publish(weights);
    try {
      List<ShardLoss> shards =
          windows.mapPartitions(new EvaluationTask(shape, published), true).collect();
      double lossSum = 0;
      long targets = 0;
      for (ShardLoss shard : shards) {
        lossSum += shard.lossSum;
        targets += shard.targets;
      }
      return new Result(lossSum, targets);
    } finally {
      published.close();
    }
  }

  private record ShardLoss(double lossSum, long targets) implements Serializable {}

  /** One result a shard, not a task, so that the order of additions does not depend on the number of tasks. */
  private static final class EvaluationTask
      implements FlatMapFunction<Iterator<WindowShard>, ShardLoss> {
    private static final long serialVersionUID = 1;

    private final TaskSpace.Shape shape;
    private final Transport.Published published;

    EvaluationTask(TaskSpace.Shape shape, Transport.Published published) {
      this.shape = shape;
      this.published = published;
    }

    @Override
    public Iterator<ShardLoss> call(Iterator<WindowShard> shards) {
      TaskSpace space = TaskSpace.ofThisJvm();
      Replica replica = space.borrowReplica(shape);
      replica.load(published.weights());
      List<ShardLoss> losses = new java.util.ArrayList<>();
      while (shards.hasNext()) {
        losses.add(evaluate(shards.next(), replica));
      }
      space.giveBack(shape, replica);
      return losses.iterator();
    }

    private static ShardLoss evaluate(WindowShard shard, Replica replica) {
      int sequences = replica.sequences();
      int length = replica.length();
      int[] inputs = new int[sequences * length];
      int[] targets = new int[sequences * length];
      double[] sums = new double[sequences];
      double lossSum = 0;
      for (int first = 0; first < shard.windows(); first += sequences) {
        int count = Math.min(sequences, shard.windows() - first);
        for (int b = 0; b < count; b++) {
          shard.window(first + b, inputs, targets, b * length);
        }
        Arrays.fill(targets, count * length, targets.length, Kernels.NO_TARGET);
        replica.losses(inputs, targets, sums);
        for (int b = 0; b < count; b++) {
          lossSum += sums[b];
        }
      }
      return new ShardLoss(lossSum, shard.targets());
    }
  }
}
