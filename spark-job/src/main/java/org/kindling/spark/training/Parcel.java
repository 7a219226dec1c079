package org.kindling.spark.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.shuffle.BlockFetchingListener;
import org.apache.spark.storage.BlockManagerId;

/**
 * A vector that a task leaves with its executor, from where the driver fetches it. As a task's
 * result it would be serialised twice on each side, and held whole each time; here it travels as
 * bytes, a piece after the other, that the driver puts straight into an array of floats.
 *
 * <p>The pieces belong to the broadcast that brought the weights. What a task leaves after its end,
 * for which nobody waits any more, goes when its executor's next task begins.
 *
 * @param at the executor's block manager
 * @param pieces the vector
 */
record Parcel(BlockManagerId at, Pieces pieces) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Values: while one piece is put into the array, others arrive. */
  private static final int PIECE = 1 << 19;

  /**
   * Task: leaves a vector.
   *
   * @param index unique among those that the task leaves
   */
  static Parcel leave(FloatVector vector, long broadcast, int index) {
    TaskContext.get().killTaskIfInterrupted(); // its step may be over, and nobody would come
    String name = "parcel_" + TaskContext.get().taskAttemptId() + "_" + index;
    Pieces pieces = new Pieces(broadcast, name, vector.length(), PIECE, vector.wire());
    pieces.keep(vector, false);
    TaskSpace.ofThisJvm().blocks().uses(broadcast);
    return new Parcel(SparkEnv.get().blockManager().blockManagerId(), pieces);
  }

  /** Driver: begins to fetch the vector; its values go to {@code into}, from {@code from} on. */
  CompletableFuture<Void> fetch(float[] into, int from) {
    if (pieces.length() == 0) { // of fewer parameters than tasks
      return CompletableFuture.completedFuture(null);
    }
    Arrival arrival = new Arrival(into, from);
    String[] blocks =
        IntStream.range(0, pieces.count())
            .mapToObj(piece -> pieces.block(piece).name())
            .toArray(String[]::new);
    SparkEnv.get()
        .blockManager()
        .blockTransferService()
        .fetchBlocks(at.host(), at.port(), at.executorId(), blocks, arrival, null);
    return arrival.whole;
  }

  /**
   * Driver: waits for all and returns them.
   *
   * @throws LostException if one has gone with its executor
   */
  static <T> List<T> await(List<CompletableFuture<T>> arriving) {
    try {
      return arriving.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error; // the driver's own
      }
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
    private final AtomicInteger missing = new AtomicInteger(pieces.count());
    private final float[] into;
    private final int from;

    Arrival(float[] into, int from) {
      this.into = into;
      this.from = from;
    }

    @Override
    public void onBlockFetchSuccess(String block, ManagedBuffer data) {
      int piece = Pieces.pieceOf(block);
      try (InputStream in = data.createInputStream()) {
        pieces.decode(piece, in, into, from + pieces.begin(piece));
      } catch (IOException | RuntimeException | Error e) { // the network would keep it to itself
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
}
