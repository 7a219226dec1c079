package org.kindling.spark.training;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.kindling.spark.settings.WireType;

/**
 * The sum of a step's gradients over all shards.
 *
 * @param gradient P values; with a wire that rounds, rounded once more, as they would be on their
 *     way to the driver
 * @param reports of all tasks, in the order of shards
 * @param bytes that gradients put on the wire
 */
record GradientSum(float[] gradient, List<TaskReport> reports, long bytes) {

  /**
   * Adds what tasks found here, in the fixed tree.
   *
   * @param found by the tasks, in the order of shards
   * @param release receives vectors that are no longer needed
   * @param parallel whether an addition may use all cores; the result is the same
   */
  static GradientSum of(
      List<TaskGradient> found, WireType wire, Consumer<float[]> release, boolean parallel) {
    PairwiseSum sum = new PairwiseSum(release, parallel);
    long bytes = 0;
    for (TaskGradient task : found) {
      for (FloatVector gradient : task.gradients()) {
        sum.add(gradient.values());
        bytes += gradient.bytes();
      }
    }
    float[] gradient = sum.result();
    if (wire == WireType.BF16) {
      Bfloat16.round(gradient, gradient);
    }
    List<TaskReport> reports =
        found.stream().map(TaskGradient::report).filter(Objects::nonNull).toList();
    return new GradientSum(gradient, reports, bytes);
  }

  /** The longest that a task waited for its weights. */
  long weightsNanos() {
    return reports.stream().map(TaskReport::weightsNanos).max(Comparator.naturalOrder()).get();
  }

  /** The slowest task's passes. */
  long computeNanos() {
    return reports.stream().map(TaskReport::computeNanos).max(Comparator.naturalOrder()).get();
  }

  /** Of all shards, in nats, added in their order. */
  double lossSum() {
    double sum = 0;
    for (TaskReport report : reports) {
      for (double shard : report.lossSums()) {
        sum += shard;
      }
    }
    return sum;
  }

  long tokens() {
    return reports.stream().mapToLong(TaskReport::tokens).sum();
  }

  /** How many executors took part, each of which fetches the weights once. */
  long executors() {
    return reports.stream().map(TaskReport::executor).distinct().count();
  }
}
