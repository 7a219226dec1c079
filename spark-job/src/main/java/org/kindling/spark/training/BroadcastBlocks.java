package org.kindling.spark.training;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.util.io.ChunkedByteBuffer;

/**
 * What the tasks of one JVM tell each other of {@link Pieces}: of which broadcasts there are blocks
 * here, and which blocks one of them is fetching for all.
 */
final class BroadcastBlocks {
  private final NavigableSet<Long> used = new TreeSet<>();
  private final Map<BroadcastBlockId, CompletableFuture<ChunkedByteBuffer>> underway =
      new HashMap<>();

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
}
