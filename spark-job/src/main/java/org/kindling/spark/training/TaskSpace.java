package org.kindling.spark.training;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.kindling.model.ModelSettings;
import org.kindling.model.Replica;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;

/**
 * What the tasks of one JVM share, since a task lives for one step and a replica takes long to
 * build: idle replicas and idle vectors of P floats. In local mode, where the driver lives in the
 * same JVM, also the shelf on which vectors change hands.
 *
 * <p>The only static cache of the project. Whatever a task borrows is its own until it gives it
 * back, so a task that Spark has given up on, but that still runs, disturbs no other.
 */
final class TaskSpace {
  private static final TaskSpace OF_THIS_JVM = new TaskSpace();

  private final Map<Shape, Deque<Replica>> replicas = new HashMap<>();
  private final Map<Integer, Deque<float[]>> vectors = new HashMap<>();
  private final Map<ShelfKey, float[]> shelf = new ConcurrentHashMap<>();
  private final AtomicLong jobs = new AtomicLong();

  /** Which replicas are alike. */
  record Shape(ModelSettings settings, int sequences, KernelChoice kernels)
      implements Serializable {}

  /**
   * Where a vector lies on the shelf.
   *
   * @param job number of the gradient or evaluation job, unique in this JVM
   * @param attempt the task attempt that left it there, or -1 for the driver
   */
  record ShelfKey(long job, long attempt) {}

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
    }
    return new Replica(shape.settings, shape.sequences, KernelChooser.make(shape.kernels));
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

  /** A number for a job that uses the shelf. */
  long nextJob() {
    return jobs.incrementAndGet();
  }

  void put(ShelfKey key, float[] vector) {
    shelf.put(key, vector);
  }

  /** The vector on that place, which stays there; null where there is none. */
  float[] look(ShelfKey key) {
    return shelf.get(key);
  }

  /** Takes the vector away from that place. */
  float[] take(ShelfKey key) {
    return shelf.remove(key);
  }

  /**
   * Removes what a job's abandoned attempts have left; called when no one will ask for it any more.
   */
  void clearShelf(long job) {
    shelf.keySet().removeIf(key -> key.job == job);
  }

  /** Closes all idle replicas and drops all vectors: at the end of a run in local mode. */
  synchronized void clear() {
    replicas.values().forEach(idle -> idle.forEach(Replica::close));
    replicas.clear();
    vectors.clear();
    shelf.clear();
  }
}
