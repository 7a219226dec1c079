package org.kindling.spark.training;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * How weights come to tasks and gradients come back. The step's code is the same for both ways.
 *
 * <p>On a cluster weights are broadcast and gradients are task results. In local mode driver and
 * tasks share one heap, and vectors are handed over as they are: serialising 10 million floats
 * twice would cost as much as a third of the step.
 */
sealed interface Transport {
  /** Driver: makes the weights available to the tasks of one job. */
  Published publish(float[] weights);

  /** Bytes that a vector of that length puts on the wire. */
  long wireBytes(int length);

  /** The transport that fits where the driver and the tasks run. */
  static Transport of(JavaSparkContext spark) {
    return spark.isLocal() ? new SharedMemory() : new Wire(spark);
  }

  /**
   * Weights of one job. Only the driver closes it; tasks that still run then have been given up.
   */
  interface Published extends Serializable, AutoCloseable {
    /** Task: the P weights; not to be changed. */
    float[] weights();

    /** Task: hands a gradient vector over, which is the task's own no longer. */
    Returned hand(float[] gradient);

    @Override
    void close();
  }

  /** A gradient on its way to the driver. */
  interface Returned extends Serializable {
    /** Driver: the P values, the caller's own. */
    float[] take();
  }

  /** One JVM: vectors change hands on a shelf. */
  final class SharedMemory implements Transport {
    @Override
    public Published publish(float[] weights) {
      long job = TaskSpace.ofThisJvm().nextJob();
      TaskSpace.ofThisJvm().put(new TaskSpace.ShelfKey(job, -1), weights);
      return new OnShelf(job);
    }

    @Override
    public long wireBytes(int length) {
      return 0;
    }

    private record OnShelf(long job) implements Published {
      @Override
      public float[] weights() {
        return TaskSpace.ofThisJvm().look(new TaskSpace.ShelfKey(job, -1));
      }

      @Override
      public Returned hand(float[] gradient) {
        long attempt = TaskContext.get().taskAttemptId();
        TaskSpace.ofThisJvm().put(new TaskSpace.ShelfKey(job, attempt), gradient);
        return new LeftOnShelf(job, attempt);
      }

      @Override
      public void close() {
        TaskSpace.ofThisJvm().clearShelf(job);
      }
    }

    private record LeftOnShelf(long job, long attempt) implements Returned {
      @Override
      public float[] take() {
        return TaskSpace.ofThisJvm().take(new TaskSpace.ShelfKey(job, attempt));
      }
    }
  }

  /** Several JVMs: Spark's broadcast, and task results. */
  record Wire(JavaSparkContext spark) implements Transport {
    @Override
    public Published publish(float[] weights) {
      return new Broadcasted(spark.broadcast(new FloatVector(weights)));
    }

    @Override
    public long wireBytes(int length) {
      return FloatVector.bytes(length);
    }

    private record Broadcasted(Broadcast<FloatVector> vector) implements Published {
      @Override
      public float[] weights() {
        return vector.value().values();
      }

      @Override
      public Returned hand(float[] gradient) {
        return new Received(new FloatVector(gradient));
      }

      @Override
      public void close() {
        vector.destroy();
      }
    }

    private record Received(FloatVector vector) implements Returned {
      @Override
      public float[] take() {
        return vector.values();
      }
    }
  }
}
