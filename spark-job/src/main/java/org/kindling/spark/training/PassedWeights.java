package org.kindling.spark.training;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.kindling.model.Replica;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;

/**
 * Weights that executors pass on to each other in pieces. Every task fetches others from the driver
 * and then goes round, so that each piece leaves the driver once, and comes to all others from the
 * executor that has it first.
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
 * @param driver the driver's block manager
 * @param pieces the P weights
 * @param tasks how many there are
 */
record PassedWeights(Broadcast<Integer> life, BlockManagerId driver, Pieces pieces, int tasks)
    implements EvaluationWeights {
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
    Broadcast<Integer> life = spark.broadcast(0);
    Pieces pieces = new Pieces(life.id(), "weights", weights.length(), piece, weights.wire());
    pieces.keep(weights, false); // a task knows that the driver has them
    return new PassedWeights(life, SparkEnv.get().blockManager().blockManagerId(), pieces, tasks);
  }

  @Override
  public void loadInto(Replica replica) {
    BlockManager blocks = SparkEnv.get().blockManager();
    if (!blocks.blockManagerId().isDriver()) { // an executor's process serves one application
      TaskSpace.ofThisJvm()
          .blocks()
          .usedBefore(life.id())
          .forEach(old -> blocks.removeBroadcast(old, false));
    }
    PieceLoader loader = new PieceLoader(pieces, driver, replica);
    int own = begin(TaskContext.getPartitionId());
    int others = begin(TaskContext.getPartitionId() + 1);
    loader.load(fromDriver(IntStream.range(own, others)));
    Set<Integer> missing = new LinkedHashSet<>();
    IntStream.range(others, own + pieces.count()).forEach(i -> missing.add(i % pieces.count()));
    int patience = blocks.blockManagerId().isDriver() ? 0 : PATIENCE_MILLIS;
    while (!missing.isEmpty()) {
      Map<Integer, BlockManagerId> next = near(blocks, missing);
      if (next.isEmpty() && patience-- > 0) {
        Interruptible.pause("weights");
        continue;
      }
      if (next.isEmpty()) {
        next = fromDriver(IntStream.of(missing.iterator().next()));
      }
      loader.load(next);
      missing.removeAll(next.keySet());
    }
  }

  /** The first of the pieces that a task fetches from the driver. */
  private int begin(int task) {
    return (int) ((long) task * pieces.count() / tasks);
  }

  private Map<Integer, BlockManagerId> fromDriver(IntStream wanted) {
    Map<Integer, BlockManagerId> places = new LinkedHashMap<>();
    wanted.forEach(piece -> places.put(piece, driver));
    return places;
  }

  /** Those of the pieces that some executor has, in the same order, and which. */
  private Map<Integer, BlockManagerId> near(BlockManager blocks, Set<Integer> wanted) {
    BlockId[] ids = wanted.stream().map(pieces::block).toArray(BlockId[]::new);
    Map<Integer, BlockManagerId> near = new LinkedHashMap<>();
    Iterator<Seq<BlockManagerId>> places = blocks.master().getLocations(ids).iterator();
    for (int piece : wanted) {
      Seq<BlockManagerId> at = places.next();
      if (at.nonEmpty()) {
        near.put(piece, at.head());
      }
    }
    return near;
  }

  @Override
  public void close() {
    life.destroy();
  }
}
