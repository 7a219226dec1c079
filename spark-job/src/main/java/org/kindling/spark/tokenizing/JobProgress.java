package org.kindling.spark.tokenizing;

import java.util.HashSet;
import java.util.Set;
import org.apache.spark.Success$;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.kindling.spark.session.JobDescription;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Counts the tasks that a job has ended, for a progress bar.
 *
 * <p>Spark tells it on a thread of its own, and late; so after {@link #done} it hears nothing more.
 */
final class JobProgress extends SparkListener implements AutoCloseable {
  /** Hears numbers that ascend. */
  interface Listener {
    void at(int done, int of);
  }

  private final JavaSparkContext spark;
  private final String description;
  private final int tasks;
  private final Listener listener;
  private final Set<Integer> stages = new HashSet<>();
  private int ended;
  private boolean over;

  private JobProgress(JavaSparkContext spark, String description, int tasks, Listener listener) {
    this.spark = spark;
    this.description = description;
    this.tasks = tasks;
    this.listener = listener;
  }

  /** Watches the job that will bear a description and have so many tasks. */
  static JobProgress watch(
      JavaSparkContext spark, String description, int tasks, Listener listener) {
    JobProgress progress = new JobProgress(spark, description, tasks, listener);
    listener.at(0, tasks);
    spark.sc().addSparkListener(progress);
    return progress;
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart job) {
    if (description.equals(JobDescription.of(job))) {
      CollectionConverters.asJava(job.stageInfos()).forEach(stage -> stages.add(stage.stageId()));
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
    // A stage that is tried again ends more tasks than it has.
    if (!over
        && stages.contains(task.stageId())
        && task.reason() == Success$.MODULE$
        && ended + 1 < tasks) {
      ended++;
      listener.at(ended, tasks);
    }
  }

  /** The job has ended well. */
  synchronized void done() {
    over = true;
    listener.at(tasks, tasks);
  }

  @Override
  public void close() {
    synchronized (this) {
      over = true;
    }
    spark.sc().removeSparkListener(this);
  }
}
