package org.kindling.spark.training;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.kindling.model.ModelSettings;
import org.kindling.model.Replica;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;

/**
 * What the tasks of one JVM share, since a task lives for one step and a replica takes long to
 * build: idle replicas, idle vectors of P floats, and what they know of each other's blocks.
 *
 * <p>The only static cache of the project; {@link Local}'s table is static, too, but holds only
 * what is in use. Whatever a task borrows is its own until it gives it back, so a task that Spark
 * has given up on, but that still runs, disturbs no other.
 */
final class TaskSpace {
  private static final TaskSpace OF_THIS_JVM = new TaskSpace();

  private final Map<Shape, Deque<Replica>> replicas = new HashMap<>();
  private final Map<Integer, Deque<float[]>> vectors = new HashMap<>();
  private final BroadcastBlocks blocks = new BroadcastBlocks();

  /** Which replicas are alike. */
  record Shape(ModelSettings settings, int sequences, KernelChoice kernels, boolean skipsZeros)
      implements Serializable {}

  private TaskSpace() {}

  static TaskSpace ofThisJvm() {
    return OF_THIS_JVM;
  }

  /**
   * Works with an idle replica of that shape, or a new one, which is idle again afterwards,
   * whatever happens: each use starts by loading weights and clearing gradients.
   */
  <R> R withReplica(Shape shape, Function<Replica, R> work) {
    Replica replica = borrowReplica(shape);
    try {
      return work.apply(replica);
    } finally {
      giveBack(shape, replica);
    }
  }

  Replica borrowReplica(Shape shape) {
    synchronized (this) {
      Replica idle = replicas.getOrDefault(shape, new ArrayDeque<>()).poll();
      if (idle != null) {
        return idle;
      }
      clear(); // of another run, such as a ladder's last rung: nobody will ask for those again
    }
    return new Replica(
        shape.settings, shape.sequences, KernelChooser.make(shape.kernels, shape.skipsZeros));
  }

  synchronized void giveBack(Shape shape, Replica replica) {
    replicas.computeIfAbsent(shape, key -> new ArrayDeque<>()).push(replica);
  }

  /** A vector of that length with unspecified values. */
  float[] borrowVector(int length) {
    synchronized (this) {
      float[] idle = vectors.getOrDefault(length, new ArrayDeque<>()).poll();
      if (idle != null) {
        return idle;
      }
    }
    return new float[length];
  }

  synchronized void giveBack(float[] vector) {
    vectors.computeIfAbsent(vector.length, key -> new ArrayDeque<>()).push(vector);
  }

  /** Of weights and gradients that travel in pieces. */
  BroadcastBlocks blocks() {
    return blocks;
  }

  /** Closes all idle replicas and drops all idle vectors. */
  synchronized void clear() {
    replicas.values().forEach(idle -> idle.forEach(Replica::close));
    replicas.clear();
    vectors.clear();
  }
}
