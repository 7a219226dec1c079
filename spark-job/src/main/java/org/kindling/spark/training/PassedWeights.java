package org.kindling.spark.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.kindling.model.Replica;
import org.kindling.spark.settings.WireType;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Weights that executors pass on to each other in pieces. Every task fetches others from the driver
 * and then goes round, so that each piece leaves the driver once, and comes to all others from an
 * executor that has it ({@link PeersFirst}).
 *
 * <pre>
 * executor 0   a from the driver   b from 1   c from 2
 * executor 1   b from the driver   c from 2   a from 0
 * executor 2   c from the driver   a from 0   b from 1
 * </pre>
 *
 * <p>Spark's own broadcast does the same with pieces in a random order, so that many ask the driver
 * for the same; and it takes checksums and serialises, where here the bytes of floats go as they
 * are.
 *
 * @param life a broadcast without content; the pieces are blocks of it, and vanish with it
 * @param length P
 * @param piece values in a piece; the last has what is left
 * @param tasks how many there are
 * @param wire how values travel
 */
record PassedWeights(Broadcast<Integer> life, int length, int piece, int tasks, WireType wire)
    implements Published {
  private static final long serialVersionUID = 1;

  /**
   * So long a task waits in all for pieces that are on their way from the driver to others, before
   * it takes what it misses from the driver, too: somebody may be slow, or gone.
   */
  private static final int PATIENCE_MILLIS = 200;

  /** Values. Smaller pieces take longer to ask for than to send. */
  private static final int SMALLEST = 1 << 15;

  /** Values. */
  private static final int LARGEST = 1 << 20;

  /** Driver: makes the weights available to so many tasks. */
  static PassedWeights publish(JavaSparkContext spark, FloatVector weights, int tasks) {
    // Equal pieces, as many for each task: so all have gone on to the next one's at about the same
    // time, and find them there.
    int each = (weights.length() / tasks + LARGEST) / LARGEST;
    int piece = Math.max(SMALLEST, (int) (weights.length() / ((long) each * tasks)) + 1);
    return publish(spark, weights, tasks, piece);
  }

  static PassedWeights publish(JavaSparkContext spark, FloatVector weights, int tasks, int piece) {
    PassedWeights passed =
        new PassedWeights(spark.broadcast(0), weights.length(), piece, tasks, weights.wire());
    for (int i = 0; i < passed.pieces(); i++) {
      Parcel.put(passed.block(i), weights.encode(i * piece, passed.valuesOf(i)), true);
    }
    return passed;
  }

  @Override
  public void loadInto(Replica replica) {
    BlockManager blocks = SparkEnv.get().blockManager();
    if (!blocks.blockManagerId().isDriver()) { // an executor's process serves one application
      TaskSpace.ofThisJvm()
          .usedBefore(life.id())
          .forEach(old -> blocks.removeBroadcast(old, false));
    }
    float[] values = new float[Math.min(piece, length)];
    int task = TaskContext.getPartitionId();
    int own = begin(task);
    int others = begin(task + 1);
    for (int index = own; index < others; index++) {
      load(index, blocks, values, replica);
    }
    Deque<Integer> missing = new ArrayDeque<>();
    for (int i = others; i < own + pieces(); i++) {
      missing.add(i % pieces());
    }
    int patience = blocks.blockManagerId().isDriver() ? 0 : PATIENCE_MILLIS;
    while (!missing.isEmpty()) {
      List<Integer> next = near(blocks, missing);
      if (next.isEmpty() && patience-- > 0) {
        sleep();
        continue;
      }
      if (next.isEmpty()) {
        next = List.of(missing.peek());
      }
      next.forEach(index -> load(index, blocks, values, replica));
      missing.removeAll(next);
    }
  }

  /** The first of the pieces that a task fetches from the driver. */
  private int begin(int task) {
    return (int) ((long) task * pieces() / tasks);
  }

  /** Those of the pieces that some executor has. */
  private List<Integer> near(BlockManager blocks, Deque<Integer> pieces) {
    BlockId[] ids = pieces.stream().map(this::block).toArray(BlockId[]::new);
    List<Integer> near = new ArrayList<>();
    Iterator<Seq<BlockManagerId>> places = blocks.master().getLocations(ids).iterator();
    for (int index : pieces) {
      if (CollectionConverters.asJava(places.next()).stream().anyMatch(at -> !at.isDriver())) {
        near.add(index);
      }
    }
    return near;
  }

  private static void sleep() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for weights", e);
    }
  }

  private void load(int index, BlockManager blocks, float[] values, Replica replica) {
    int count = valuesOf(index);
    read(blocks, index, values);
    replica.load(count == values.length ? values : Arrays.copyOf(values, count), index * piece);
  }

  /** From this executor, where it has the piece; or else from another, and keeps it for others. */
  private void read(BlockManager blocks, int index, float[] values) {
    BroadcastBlockId block = block(index);
    Option<BlockData> here = blocks.getLocalBytes(block);
    try (InputStream in = here.isDefined() ? here.get().toInputStream() : fetch(blocks, block)) {
      FloatVector.decode(in, values, 0, valuesOf(index), wire);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (here.isDefined()) {
        blocks.releaseLock(block, Option.empty());
      }
    }
  }

  private static InputStream fetch(BlockManager blocks, BroadcastBlockId block) {
    Option<ChunkedByteBuffer> bytes = blocks.getRemoteBytes(block);
    if (bytes.isEmpty()) { // the driver has them all, until it has given up this task
      throw new IllegalStateException("nobody has " + block.name());
    }
    Parcel.put(block, bytes.get(), true);
    return bytes.get().toInputStream(false);
  }

  @Override
  public void close() {
    life.destroy();
  }

  private int pieces() {
    return (int) (((long) length + piece - 1) / piece);
  }

  private int valuesOf(int index) {
    return Math.min(piece, length - index * piece);
  }

  private BroadcastBlockId block(int index) {
    return new BroadcastBlockId(life.id(), "weights_" + index);
  }
}
