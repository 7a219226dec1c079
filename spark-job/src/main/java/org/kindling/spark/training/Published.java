package org.kindling.spark.training;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.kindling.spark.settings.WireType;

/**
 * Weights on their way to the tasks of one job: broadcast on a cluster, a reference in local mode,
 * where driver and tasks share one heap. Only the driver closes it; tasks that still run then have
 * been given up.
 */
sealed interface Published extends Serializable, AutoCloseable {
  /** Driver: makes the weights available in the way that fits where the tasks run. */
  static Published to(JavaSparkContext spark, float[] weights) {
    return spark.isLocal()
        ? new Here(Local.of(weights))
        : broadcast(spark, new FloatVector(weights, WireType.F32));
  }

  /** Driver: sends the weights to all executors. */
  static Published broadcast(JavaSparkContext spark, FloatVector weights) {
    return new Broadcasted(spark.broadcast(weights));
  }

  /** Task: the P weights; not to be changed. */
  float[] weights();

  @Override
  void close();

  /** In the same JVM. */
  record Here(Local<float[]> reference) implements Published {
    @Override
    public float[] weights() {
      return reference.get();
    }

    @Override
    public void close() {
      reference.close();
    }
  }

  /** Through Spark's broadcast. */
  record Broadcasted(Broadcast<FloatVector> vector) implements Published {
    @Override
    public float[] weights() {
      return vector.value().values();
    }

    @Override
    public void close() {
      vector.destroy();
    }
  }
}
