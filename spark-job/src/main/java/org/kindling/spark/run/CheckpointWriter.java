package org.kindling.spark.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.kindling.spark.InputException;

/**
 * Writes checkpoints while training goes on: {@link #save} takes as long as copying the vectors,
 * and waits only if the checkpoint before is not written yet.
 *
 * <p>Costs a second set of the three vectors on the driver's heap. A write that fails is thrown by
 * the next {@link #save} or {@link #await}, which the end of training calls.
 */
public final class CheckpointWriter implements AutoCloseable {
  private final CheckpointStore store;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread writer = new Thread(task, "checkpoint-writer");
            writer.setDaemon(true);
            return writer;
          });
  private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);

  /** Null before the first. */
  private float[][] copies;

  public CheckpointWriter(CheckpointStore store) {
    this.store = store;
  }

  /**
   * As {@link CheckpointStore#save}, but later; the vectors may change as soon as this returns.
   *
   * @throws InputException if the checkpoint before could not be written
   */
  public void save(Checkpoint checkpoint, boolean best, int keepLast) {
    await();
    Checkpoint copy = copyOf(checkpoint);
    writing = CompletableFuture.runAsync(() -> store.save(copy, best, keepLast), thread);
  }

  private Checkpoint copyOf(Checkpoint checkpoint) {
    float[][] vectors = {checkpoint.weights(), checkpoint.firstMoment(), checkpoint.secondMoment()};
    if (copies == null) {
      copies = new float[vectors.length][vectors[0].length];
    }
    for (int i = 0; i < vectors.length; i++) {
      System.arraycopy(vectors[i], 0, copies[i], 0, vectors[i].length);
    }
    return new Checkpoint(copies[0], copies[1], copies[2], checkpoint.state());
  }

  /**
   * Waits until all is written.
   *
   * @throws InputException if the last one could not be
   */
  public void await() {
    CompletableFuture<Void> last = writing;
    writing = CompletableFuture.completedFuture(null);
    try {
      last.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof InputException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Waits for what is being written, which may fail unheard: training has failed already. */
  @Override
  public void close() {
    thread.shutdown();
    writing.exceptionally(e -> null).join();
  }
}
