package org.kindling.spark.training;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.kindling.model.ModelSettings;
import org.kindling.model.Replica;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;

/**
 * What the tasks of one JVM share, since a task lives for one step and a replica takes long to
 * build: idle replicas, idle vectors of P floats, and pieces of weights that are on their way.
 *
 * <p>The only static cache of the project. Whatever a task borrows is its own until it gives it
 * back, so a task that Spark has given up on, but that still runs, disturbs no other.
 */
final class TaskSpace {
  private static final TaskSpace OF_THIS_JVM = new TaskSpace();

  private final Map<Shape, Deque<Replica>> replicas = new HashMap<>();
  private final Map<Integer, Deque<float[]>> vectors = new HashMap<>();
  private final NavigableSet<Long> used = new TreeSet<>();
  private final Map<BroadcastBlockId, CompletableFuture<ChunkedByteBuffer>> underway =
      new HashMap<>();

  /** Which replicas are alike. */
  record Shape(ModelSettings settings, int sequences, KernelChoice kernels)
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

  /** Notes that a task keeps blocks here that belong to a broadcast, perhaps of a past step. */
  synchronized void uses(long broadcast) {
    used.add(broadcast);
  }

  /**
   * Notes that a task begins that will keep blocks of a broadcast.
   *
   * @return broadcasts of earlier steps; what is left of them is garbage now
   */
  synchronized List<Long> usedBefore(long broadcast) {
    List<Long> earlier = List.copyOf(used.headSet(broadcast));
    used.removeAll(earlier);
    used.add(broadcast);
    underway.keySet().removeIf(block -> block.broadcastId() < broadcast);
    return earlier;
  }

  /**
   * One of the tasks that want a block at the same time fetches it for all.
   *
   * @param mine to be completed by the one who gets it back
   * @return the first one's
   */
  synchronized CompletableFuture<ChunkedByteBuffer> underway(
      BroadcastBlockId block, CompletableFuture<ChunkedByteBuffer> mine) {
    CompletableFuture<ChunkedByteBuffer> first = underway.putIfAbsent(block, mine);
    return first == null ? mine : first;
  }

  /** The block is in this executor now, or did not come: who asks next does not wait for it. */
  synchronized void settled(BroadcastBlockId block) {
    underway.remove(block);
  }

  /** Closes all idle replicas and drops all idle vectors. */
  synchronized void clear() {
    replicas.values().forEach(idle -> idle.forEach(Replica::close));
    replicas.clear();
    vectors.clear();
  }
}
