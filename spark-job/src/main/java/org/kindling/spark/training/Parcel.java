package org.kindling.spark.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.shuffle.BlockFetchingListener;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.kindling.spark.settings.WireType;
import scala.reflect.ClassTag$;

/**
 * A vector that a task leaves with its executor, from where the driver fetches it. As a task's
 * result it would be serialised twice on each side, and held whole each time; here it travels as
 * bytes, a piece after the other, that the driver puts straight into an array of floats.
 *
 * <p>The pieces are blocks of the broadcast that brought the weights, and vanish with it. What a
 * task leaves after that, for which nobody waits any more, goes when its executor's next begins.
 *
 * @param at the executor's block manager
 * @param broadcast whose end is the parcel's
 * @param name unique among the broadcast's parcels
 * @param length of the vector
 * @param wire how its values travel
 */
record Parcel(BlockManagerId at, long broadcast, String name, int length, WireType wire)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Values in a piece: while one is put into the array, others arrive. */
  private static final int PIECE = 1 << 19;

  /**
   * Task: leaves a vector.
   *
   * @param index unique among those that the task leaves
   */
  static Parcel leave(FloatVector vector, long broadcast, int index) {
    BlockManager blocks = SparkEnv.get().blockManager();
    String name = "parcel_%d_%d".formatted(TaskContext.get().taskAttemptId(), index);
    Parcel parcel =
        new Parcel(blocks.blockManagerId(), broadcast, name, vector.length(), vector.wire());
    for (int piece = 0; piece < parcel.pieces(); piece++) {
      put(parcel.block(piece), vector.encode(piece * PIECE, parcel.valuesOf(piece)), false);
    }
    return parcel;
  }

  /**
   * Keeps a block here.
   *
   * @param announce whether the driver should know, so that others find it
   */
  static void put(BroadcastBlockId block, byte[] bytes, boolean announce) {
    put(block, new ChunkedByteBuffer(ByteBuffer.wrap(bytes)), announce);
  }

  static void put(BroadcastBlockId block, ChunkedByteBuffer bytes, boolean announce) {
    SparkEnv.get()
        .blockManager()
        .putBytes(
            block,
            bytes,
            StorageLevel.MEMORY_AND_DISK_SER(),
            announce,
            ClassTag$.MODULE$.apply(byte[].class));
  }

  /** Driver: begins to fetch the vector; its values go to {@code into}, from {@code from} on. */
  CompletableFuture<Void> fetch(float[] into, int from) {
    if (length == 0) { // of fewer parameters than tasks
      return CompletableFuture.completedFuture(null);
    }
    Arrival arrival = new Arrival(into, from);
    String[] blocks =
        IntStream.range(0, pieces()).mapToObj(piece -> block(piece).name()).toArray(String[]::new);
    SparkEnv.get()
        .blockManager()
        .blockTransferService()
        .fetchBlocks(at.host(), at.port(), at.executorId(), blocks, arrival, null);
    return arrival.whole;
  }

  /**
   * Driver: waits for all.
   *
   * @throws LostException if one has gone with its executor
   */
  static void await(List<CompletableFuture<Void>> arriving) {
    try {
      arriving.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw new LostException(e.getCause());
    }
  }

  /** A parcel's executor is gone. */
  static final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LostException(Throwable cause) {
      super("a gradient was lost on its way: " + cause.getMessage(), cause);
    }
  }

  /** Called by the network's threads. */
  private final class Arrival implements BlockFetchingListener {
    final CompletableFuture<Void> whole = new CompletableFuture<>();
    private final AtomicInteger missing = new AtomicInteger(pieces());
    private final float[] into;
    private final int from;

    Arrival(float[] into, int from) {
      this.into = into;
      this.from = from;
    }

    @Override
    public void onBlockFetchSuccess(String block, ManagedBuffer data) {
      int piece = Integer.parseInt(block.substring(block.lastIndexOf('_') + 1));
      try (InputStream in = data.createInputStream()) {
        FloatVector.decode(in, into, from + piece * PIECE, valuesOf(piece), wire);
      } catch (IOException | RuntimeException e) {
        whole.completeExceptionally(e);
      }
      if (missing.decrementAndGet() == 0) {
        whole.complete(null);
      }
    }

    @Override
    public void onBlockFetchFailure(String block, Throwable cause) {
      whole.completeExceptionally(cause);
    }
  }

  private int pieces() {
    return (length + PIECE - 1) / PIECE;
  }

  private int valuesOf(int piece) {
    return Math.min(PIECE, length - piece * PIECE);
  }

  private BroadcastBlockId block(int piece) {
    return new BroadcastBlockId(broadcast, name + "_" + piece);
  }
}
