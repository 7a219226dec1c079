package org.kindling.spark.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.kindling.model.Replica;
import org.kindling.spark.settings.WireType;
import scala.Option;

/**
 * Weights that executors pass on to each other in pieces. Every task begins with another piece and
 * goes round, so that each leaves the driver once, and comes to the others from an executor that
 * has it ({@link PeersFirst}).
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

  /** Values. Smaller pieces take longer to ask for than to send. */
  private static final int SMALLEST = 1 << 15;

  /** Values. */
  private static final int LARGEST = 1 << 20;

  /** Driver: makes the weights available to so many tasks. */
  static PassedWeights publish(JavaSparkContext spark, FloatVector weights, int tasks) {
    int share = weights.length() / tasks + 1;
    int piece = Math.max(SMALLEST, Math.min(LARGEST, share));
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
    int first = (int) ((long) TaskContext.getPartitionId() * pieces() / tasks);
    for (int i = 0; i < pieces(); i++) {
      int index = (first + i) % pieces();
      int count = valuesOf(index);
      read(blocks, index, values);
      replica.load(count == values.length ? values : Arrays.copyOf(values, count), index * piece);
    }
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
