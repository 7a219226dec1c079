package org.kindling.spark.generation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.spark.Success$;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.collection.Iterable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * How far a job is: what the tasks that have ended did, and of the others what their executors'
 * heartbeats say of the {@link Tally}.
 */
public final class GenerationProgress extends SparkListener implements AutoCloseable {
  private final JavaSparkContext spark;
  private final Tally tally;
  private final long rowsId;
  private final long tokensId;
  private final long of;
  private final Listener listener;
  private final Map<Long, Count> running = new HashMap<>();
  private final Set<Long> endedTasks = new HashSet<>();
  private Count ended = new Count(0, 0);
  private boolean over;

  /** Hears how far the job is; less than before where a task was lost. */
  @FunctionalInterface
  public interface Listener {
    /** So many rows of the output are ready, with so many tokens. */
    void at(long rows, long of, long tokens);
  }

  private record Count(long rows, long tokens) {
    Count plus(Count other) {
      return new Count(rows + other.rows, tokens + other.tokens);
    }
  }

  private GenerationProgress(JavaSparkContext spark, Tally tally, long of, Listener listener) {
    this.spark = spark;
    this.tally = tally;
    this.rowsId = tally.rows().id();
    this.tokensId = tally.tokens().id();
    this.of = of;
    this.listener = listener;
  }

  /** Watches a job of so many rows of output. */
  static GenerationProgress watch(JavaSparkContext spark, Tally tally, long of, Listener listener) {
    GenerationProgress progress = new GenerationProgress(spark, tally, of, listener);
    listener.at(0, of, 0);
    spark.sc().addSparkListener(progress);
    return progress;
  }

  @Override
  public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    CollectionConverters.asJava(update.accumUpdates())
        .forEach(
            task -> {
              Long id = (Long) task._1();
              if (!endedTasks.contains(id)) { // a heartbeat may come behind its task's end
                running.put(id, count(task._4()));
              }
            });
    tell();
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
    running.remove(task.taskInfo().taskId());
    endedTasks.add(task.taskInfo().taskId());
    if (task.reason() == Success$.MODULE$) {
      ended = ended.plus(count(task.taskInfo().accumulables()));
    }
    tell();
  }

  private Count count(Iterable<AccumulableInfo> all) {
    long rows = 0;
    long tokens = 0;
    for (AccumulableInfo one : CollectionConverters.asJava(all)) {
      if (one.update().isDefined() && one.update().get() instanceof Long value) {
        rows += one.id() == rowsId ? value : 0;
        tokens += one.id() == tokensId ? value : 0;
      }
    }
    return new Count(rows, tokens);
  }

  private void tell() {
    Count all = running.values().stream().reduce(ended, Count::plus);
    if (!over && all.rows() < of) { // the end is for done to tell
      listener.at(all.rows(), of, all.tokens());
    }
  }

  /** The job has ended well. */
  synchronized void done() {
    over = true;
    listener.at(of, of, tally.tokens().value()); // Spark's events may come behind the job's end
  }

  @Override
  public void close() {
    synchronized (this) {
      over = true;
    }
    spark.sc().removeSparkListener(this);
  }
}
