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
 * @param reports of all blocks, in the order of shards
 * @param bytes that gradients put on the wire
 */
record GradientSum(float[] gradient, List<BlockReport> reports, long bytes) {

  /**
   * Adds blocks here, in the fixed tree.
   *
   * @param blocks in the order of shards
   * @param release receives vectors that are no longer needed
   * @param parallel whether an addition may use all cores; the result is the same
   */
  static GradientSum of(
      List<BlockGradient> blocks, WireType wire, Consumer<float[]> release, boolean parallel) {
    PairwiseSum sum = new PairwiseSum(release, parallel);
    long bytes = 0;
    for (BlockGradient block : blocks) {
      for (FloatVector gradient : block.gradients()) {
        sum.add(gradient.values());
        bytes += gradient.bytes();
      }
    }
    float[] gradient = sum.result();
    if (wire == WireType.BF16) {
      Bfloat16.round(gradient, gradient);
    }
    List<BlockReport> reports =
        blocks.stream().map(BlockGradient::report).filter(Objects::nonNull).toList();
    return new GradientSum(gradient, reports, bytes);
  }

  /** The longest that a task waited for its weights. */
  long weightsNanos() {
    return reports.stream().map(BlockReport::weightsNanos).max(Comparator.naturalOrder()).get();
  }

  /** The slowest task's passes. */
  long computeNanos() {
    return reports.stream().map(BlockReport::computeNanos).max(Comparator.naturalOrder()).get();
  }

  /** Of all shards, in nats, added in their order. */
  double lossSum() {
    double sum = 0;
    for (BlockReport report : reports) {
      for (double shard : report.lossSums()) {
        sum += shard;
      }
    }
    return sum;
  }

  long tokens() {
    return reports.stream().mapToLong(BlockReport::tokens).sum();
  }

  /** How many executors took part, each of which fetches the weights once. */
  long executors() {
    return reports.stream().map(BlockReport::executor).distinct().count();
  }
}
