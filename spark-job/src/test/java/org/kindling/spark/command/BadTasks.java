package org.kindling.spark.command;

import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.util.TaskCompletionListener;

/**
 * A plugin of Spark's, for executors of their own, that makes first attempts of tasks bad: one in
 * sixteen does all its work and then fails, so that it is run again; another one waits, so that
 * Spark starts a copy of it elsewhere. Which ones follows from the numbers of stage and partition.
 *
 * <p>Spark makes it by its name, from a folder on executors' class paths that holds none of
 * Kindling's classes, so it uses none.
 */
public final class BadTasks implements SparkPlugin {
  private static final int ONE_IN = 16;
  private static final long WAIT_MILLIS = 3000;

  @Override
  public DriverPlugin driverPlugin() {
    return null; // means none
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Executor();
  }

  private static final class Executor implements ExecutorPlugin {
    @Override
    public void init(
        org.apache.spark.api.plugin.PluginContext context, Map<String, String> settings) {
      // Nothing to set.
    }

    @Override
    public void onTaskStart() {
      TaskContext task = TaskContext.get();
      if (task.attemptNumber() > 0) {
        return;
      }
      long seed = 1_000_003L * task.stageId() + task.partitionId();
      int fate = new SplittableRandom(seed).nextInt(ONE_IN);
      if (fate == 0) {
        TaskCompletionListener failing =
            ended -> {
              throw new IllegalStateException("a task fails on purpose after its work");
            };
        task.addTaskCompletionListener(failing);
      } else if (fate == 1) {
        try {
          Thread.sleep(WAIT_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt(); // the copy was faster
        }
      }
    }
  }
}
