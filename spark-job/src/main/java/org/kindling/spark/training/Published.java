package org.kindling.spark.training;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.kindling.model.Replica;
import org.kindling.spark.settings.WireType;

/**
 * Weights on their way to the tasks of one job: broadcast on a cluster, a reference in local mode,
 * where driver and tasks share one heap. Only the driver closes it; tasks that still run then have
 * been given up.
 */
sealed interface Published extends Serializable, AutoCloseable {
  /** Driver: makes the weights available in the way that fits where the tasks run. */
  static Published to(JavaSparkContext spark, float[] weights, int tasks) {
    return spark.isLocal()
        ? new Here(Local.of(weights))
        : broadcast(spark, new FloatVector(weights, WireType.F32), tasks);
  }

  /** Driver: sends the weights to all executors, on which so many tasks run. */
  static Published broadcast(JavaSparkContext spark, FloatVector weights, int tasks) {
    long most = Math.max(1, weights.bytes() / Broadcasted.SMALLEST);
    return Broadcasted.of(spark, weights, (int) Math.min(tasks, most));
  }

  /** Task: brings the P weights into a replica. */
  void loadInto(Replica replica);

  @Override
  void close();

  /** In the same JVM. */
  record Here(Local<float[]> reference) implements Published {
    @Override
    public void loadInto(Replica replica) {
      replica.load(reference.get());
    }

    @Override
    public void close() {
      reference.close();
    }
  }

  /**
   * Through Spark's broadcasts, a slice for each task. Every task begins with another slice and
   * goes round, so that each slice leaves the driver once, and comes to the others from the
   * executor that has it ({@link PeersFirst}).
   *
   * <pre>
   * executor 0   a from the driver   b from 1   c from 2
   * executor 1   b from the driver   c from 2   a from 0
   * executor 2   c from the driver   a from 0   b from 1
   * </pre>
   */
  record Broadcasted(List<Broadcast<FloatVector>> slices) implements Published {
    /** Smaller ones take longer to ask for than to send. */
    private static final long SMALLEST = 128 << 10;

    static Broadcasted of(JavaSparkContext spark, FloatVector weights, int slices) {
      return new Broadcasted(
          IntStream.range(0, slices)
              .mapToObj(slice -> spark.broadcast(weights.part(slice, slices)))
              .toList());
    }

    @Override
    public void loadInto(Replica replica) {
      int parameters = replica.parameters().layout().size();
      int count = slices.size();
      for (int i = 0; i < count; i++) {
        int slice = (TaskContext.getPartitionId() + i) % count;
        float[] values = slices.get(slice).value().values();
        replica.load(values, FloatVector.start(parameters, slice, count));
      }
    }

    @Override
    public void close() {
      slices.forEach(Broadcast::destroy);
    }
  }
}
