package org.kindling.spark.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.ModelSettings;
import org.kindling.model.Replica;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.model.kernels.Kernels;
import org.kindling.spark.corpus.WindowShard;
import org.kindling.spark.session.JobDescription;
import scala.collection.Iterator;

/**
 * The loss over windows of the validation split, computed by Spark tasks. Losses are added in the
 * order of windows, so the number is the same on any cluster.
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
    this(
        spark,
        new TaskSpace.Shape(model, sequences, KernelChooser.resolve(kernels), false),
        windows);
  }

  /** Evaluates with the replicas that train. */
  Evaluation(JavaSparkContext spark, TaskSpace.Shape shape, JavaRDD<WindowShard> windows) {
    this.spark = spark;
    this.shape = shape;
    this.windows = windows;
  }

  /** The loss of these weights, P values. */
  public Result run(float[] weights) {
    try (EvaluationWeights published =
        EvaluationWeights.to(spark, weights, windows.getNumPartitions())) {
      EvaluationTask task = new EvaluationTask(shape, published);
      double lossSum = 0;
      long targets = 0;
      for (TaskLoss found :
          JobDescription.describe(spark, "evaluate", () -> task.runOn(windows, TaskLoss.class))) {
        for (int shard = 0; shard < found.lossSums.length; shard++) {
          lossSum += found.lossSums[shard];
          targets += found.targets[shard];
        }
      }
      return new Result(lossSum, targets);
    }
  }

  /**
   * A number for each shard, not for the task, so that the order of additions does not depend on
   * the number of tasks.
   */
  private record TaskLoss(double[] lossSums, long[] targets) implements Serializable {}

  private static final class EvaluationTask extends PartitionTask<WindowShard, TaskLoss> {
    private static final long serialVersionUID = 1;

    private final TaskSpace.Shape shape;
    private final EvaluationWeights published;

    EvaluationTask(TaskSpace.Shape shape, EvaluationWeights published) {
      this.shape = shape;
      this.published = published;
    }

    @Override
    public TaskLoss apply(TaskContext context, Iterator<WindowShard> shards) {
      return TaskSpace.ofThisJvm().withReplica(shape, replica -> evaluate(shards, replica));
    }

    private TaskLoss evaluate(Iterator<WindowShard> shards, Replica replica) {
      published.loadInto(replica);
      List<Double> lossSums = new ArrayList<>();
      List<Long> targets = new ArrayList<>();
      while (shards.hasNext()) {
        WindowShard shard = shards.next();
        lossSums.add(evaluate(shard, replica));
        targets.add((long) shard.targets());
      }
      return new TaskLoss(
          lossSums.stream().mapToDouble(Double::doubleValue).toArray(),
          targets.stream().mapToLong(Long::longValue).toArray());
    }

    private static double evaluate(WindowShard shard, Replica replica) {
      int sequences = replica.sequences();
      int length = replica.length();
      int[] inputs = new int[sequences * length];
      int[] targets = new int[sequences * length];
      double[] sums = new double[sequences];
      double lossSum = 0;
      for (int first = 0; first < shard.windows(); first += sequences) {
        int count = Math.min(sequences, shard.windows() - first);
        for (int b = 0; b < count; b++) {
          shard.window(first + b, inputs, targets, b * length, Kernels.NO_TARGET);
        }
        Arrays.fill(targets, count * length, targets.length, Kernels.NO_TARGET);
        replica.losses(inputs, targets, sums);
        for (int b = 0; b < count; b++) {
          lossSum += sums[b];
        }
      }
      return lossSum;
    }
  }
}
