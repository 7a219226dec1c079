package org.kindling.spark.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.shuffle.BlockFetchingListener;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.util.io.ChunkedByteBuffer;
import org.kindling.model.Replica;
import scala.Option;

/**
 * Brings pieces of weights into a task's replica, a few of them on their way at once, and keeps
 * them here for others; tasks of one executor fetch a piece once between them. Spark's own {@code
 * getRemoteBytes} asks for one block at a time and copies it three times, into arrays of its full
 * size.
 */
final class PieceLoader {
  /** So many pieces are on their way, or have come and wait to be put into the replica. */
  private static final int AT_ONCE = 3;

  private final TaskSpace space = TaskSpace.ofThisJvm();
  private final BlockManager blocks = SparkEnv.get().blockManager();
  private final BlockingQueue<Arrived> arrivals = new LinkedBlockingQueue<>();
  private final Pieces pieces;
  private final BlockManagerId driver;
  private final Replica replica;
  private int underway;

  /** What has come of a request: the bytes, or why there are none. */
  private record Arrived(
      int piece, BlockManagerId from, boolean isMine, ChunkedByteBuffer bytes, Throwable failure) {}

  /**
   * @param driver has all pieces
   */
  PieceLoader(Pieces pieces, BlockManagerId driver, Replica replica) {
    this.pieces = pieces;
    this.driver = driver;
    this.replica = replica;
  }

  /**
   * Returns when all of them are in the replica.
   *
   * @param places where each of the pieces is; if it is no longer there, it comes from the driver
   */
  void load(Map<Integer, BlockManagerId> places) {
    Iterator<Map.Entry<Integer, BlockManagerId>> waiting = places.entrySet().iterator();
    while (underway > 0 || waiting.hasNext()) {
      if (waiting.hasNext() && underway < AT_ONCE) {
        Map.Entry<Integer, BlockManagerId> next = waiting.next();
        if (!loadFromHere(next.getKey())) {
          request(next.getKey(), next.getValue());
        }
      } else {
        Arrived arrived = Interruptible.waitFor("weights", arrivals::take);
        underway--;
        settle(arrived);
      }
    }
  }

  /** Another task of this executor may have fetched the piece before. */
  private boolean loadFromHere(int piece) {
    Option<BlockData> here = blocks.getLocalBytes(pieces.block(piece));
    if (here.isEmpty()) {
      return false;
    }
    try {
      put(piece, here.get().toInputStream());
    } finally {
      blocks.releaseLock(pieces.block(piece), Option.empty());
    }
    return true;
  }

  /** Asks for a piece, or waits with the task that has asked. */
  private void request(int piece, BlockManagerId from) {
    CompletableFuture<ChunkedByteBuffer> mine = new CompletableFuture<>();
    CompletableFuture<ChunkedByteBuffer> bytes = space.blocks().underway(pieces.block(piece), mine);
    boolean isMine = bytes == mine;
    bytes.whenComplete(
        (arrived, failure) -> arrivals.add(new Arrived(piece, from, isMine, arrived, failure)));
    if (isMine) {
      String[] block = {pieces.block(piece).name()};
      Listener listener = new Listener(piece, mine);
      blocks
          .blockTransferService()
          .fetchBlocks(from.host(), from.port(), from.executorId(), block, listener, null);
    }
    underway++;
  }

  private void settle(Arrived arrived) {
    boolean fromDriver = arrived.isMine && arrived.from.equals(driver);
    if (arrived.failure != null && fromDriver) { // it has them all, until it gives up this task
      throw new IllegalStateException(
          "the driver does not give " + pieces.block(arrived.piece).name(), arrived.failure);
    }
    if (arrived.failure != null) {
      request(arrived.piece, driver);
      return;
    }
    if (arrived.isMine) {
      // Other executors should find a piece at the one who has it from the driver.
      pieces.keep(arrived.piece, arrived.bytes, fromDriver);
      space.blocks().settled(pieces.block(arrived.piece));
    }
    put(arrived.piece, arrived.bytes.toInputStream(false));
  }

  private void put(int piece, InputStream bytes) {
    float[] values = space.borrowVector(pieces.sizeOf(0));
    try (bytes) {
      pieces.decode(piece, bytes, values, 0);
      replica.load(values, pieces.sizeOf(piece), pieces.begin(piece));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      space.giveBack(values);
    }
  }

  /** Called by the network's threads, which only copy: a block's bytes are theirs. */
  private final class Listener implements BlockFetchingListener {
    private final int piece;
    private final CompletableFuture<ChunkedByteBuffer> bytes;

    Listener(int piece, CompletableFuture<ChunkedByteBuffer> bytes) {
      this.piece = piece;
      this.bytes = bytes;
    }

    @Override
    public void onBlockFetchSuccess(String block, ManagedBuffer data) {
      try (InputStream in = data.createInputStream()) {
        bytes.complete(pieces.copy(piece, in));
      } catch (IOException | RuntimeException | Error e) { // the network would keep it to itself
        onBlockFetchFailure(block, e);
      }
    }

    /** Before others hear of it, the way is free for them to ask again. */
    @Override
    public void onBlockFetchFailure(String block, Throwable cause) {
      space.blocks().settled(pieces.block(piece));
      bytes.completeExceptionally(cause);
    }
  }
}
