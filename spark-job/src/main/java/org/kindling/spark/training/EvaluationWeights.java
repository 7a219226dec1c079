package org.kindling.spark.training;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.Replica;
import org.kindling.spark.settings.WireType;

/**
 * Weights on their way to the tasks of an evaluation: passed on by executors on a cluster, as a
 * step's are, and a reference in local mode, where driver and tasks share one heap. Only the driver
 * closes it; tasks that still run then have been given up.
 */
sealed interface EvaluationWeights extends Serializable, AutoCloseable
    permits EvaluationWeights.Here, PassedWeights {
  /** Driver: makes the weights available in the way that fits where the tasks run. */
  static EvaluationWeights to(JavaSparkContext spark, float[] weights, int tasks) {
    return spark.isLocal()
        ? new Here(Local.of(weights))
        : PassedWeights.publish(spark, new FloatVector(weights, WireType.F32), tasks);
  }

  /** Task: brings the P weights into a replica. */
  void loadInto(Replica replica);

  @Override
  void close();

  /** In the same JVM. */
  record Here(Local<float[]> reference) implements EvaluationWeights {
    @Override
    public void loadInto(Replica replica) {
      replica.load(reference.get());
    }

    @Override
    public void close() {
      reference.close();
    }
  }
}
