package org.kindling.spark.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
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
  /** While one piece is put into the replica, so many others arrive. */
  private static final int UNDERWAY = 3;

  private final TaskSpace space = TaskSpace.ofThisJvm();
  private final BlockManager blocks = SparkEnv.get().blockManager();
  private final BlockingQueue<Arrived> arrivals = new LinkedBlockingQueue<>();
  private final Pieces pieces;
  private final BlockManagerId driver;
  private final Replica replica;
  private final float[] values;

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
    this.values = new float[pieces.sizeOf(0)];
  }

  /**
   * Returns when all of them are in the replica.
   *
   * @param places where each of the pieces is; if it is no longer there, it comes from the driver
   */
  void load(Map<Integer, BlockManagerId> places) {
    Iterator<Map.Entry<Integer, BlockManagerId>> waiting = places.entrySet().iterator();
    int underway = 0;
    while (underway > 0 || waiting.hasNext()) {
      if (waiting.hasNext() && underway < UNDERWAY) {
        Map.Entry<Integer, BlockManagerId> next = waiting.next();
        underway += loadFromHere(next.getKey()) ? 0 : request(next.getKey(), next.getValue());
      } else {
        underway += settle(next()) - 1;
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

  /**
   * Asks for a piece, or waits with the task that has asked; so there is one more on its way.
   *
   * @param from whom to ask
   */
  private int request(int piece, BlockManagerId from) {
    CompletableFuture<ChunkedByteBuffer> mine = new CompletableFuture<>();
    CompletableFuture<ChunkedByteBuffer> bytes = space.underway(pieces.block(piece), mine);
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
    return 1;
  }

  /** Returns how many pieces it had to ask for again. */
  private int settle(Arrived arrived) {
    boolean asksDriver = arrived.isMine && arrived.from.equals(driver);
    if (arrived.failure == null) {
      if (arrived.isMine) {
        // Other executors should find a piece at the one who has it from the driver.
        pieces.keep(arrived.piece, arrived.bytes, asksDriver);
        space.settled(pieces.block(arrived.piece));
      }
      put(arrived.piece, arrived.bytes.toInputStream(false));
      return 0;
    }
    if (asksDriver) { // which has them all, until it has given up this task
      throw new IllegalStateException(
          "the driver does not give " + pieces.block(arrived.piece).name(), arrived.failure);
    }
    return request(arrived.piece, driver);
  }

  private void put(int piece, InputStream bytes) {
    try (bytes) {
      pieces.decode(piece, bytes, values, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int size = pieces.sizeOf(piece);
    replica.load(size == values.length ? values : Arrays.copyOf(values, size), pieces.begin(piece));
  }

  private Arrived next() {
    try {
      return arrivals.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for weights", e);
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
      } catch (IOException | RuntimeException e) {
        onBlockFetchFailure(block, e);
      }
    }

    /** Before others hear of it, the way is free for them to ask again. */
    @Override
    public void onBlockFetchFailure(String block, Throwable cause) {
      space.settled(pieces.block(piece));
      bytes.completeExceptionally(cause);
    }
  }
}
