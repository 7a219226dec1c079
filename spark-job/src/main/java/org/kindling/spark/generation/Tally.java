package org.kindling.spark.generation;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.util.LongAccumulator;
import org.kindling.spark.generation.RowException.Kind;

/**
 * What tasks have done, in Spark's accumulators. They count in the last stage of a job, of which
 * Spark counts each task once, however often it ran.
 *
 * @param rows of the output
 * @param tokens of completions
 * @param nanos that tasks took
 * @param errors rows by what is wrong with them
 */
record Tally(
    LongAccumulator rows,
    LongAccumulator tokens,
    LongAccumulator nanos,
    Map<Kind, LongAccumulator> errors)
    implements Serializable {
  private static final long serialVersionUID = 1;

  static Tally register(SparkContext spark) {
    Map<Kind, LongAccumulator> errors = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      errors.put(kind, spark.longAccumulator("error " + kind.label()));
    }
    return new Tally(
        spark.longAccumulator("rows"),
        spark.longAccumulator("tokens"),
        spark.longAccumulator("task nanos"),
        errors);
  }

  /** Rows by the labels of their errors; none with 0. */
  Map<String, Long> errorsByKind() {
    Map<String, Long> counts = new TreeMap<>();
    errors.forEach(
        (kind, count) -> {
          if (count.value() > 0) {
            counts.put(kind.label(), count.value());
          }
        });
    return counts;
  }

  /** Task: counts from now on, and ends when Spark does not want the task any more. */
  RowGeneration.Listener listener(TaskContext task) {
    return new RowGeneration.Listener() {
      private long counted = System.nanoTime();

      @Override
      public void stepping() {
        if (task.isInterrupted()) {
          throw new TaskKilledException("it is not wanted any more");
        }
      }

      @Override
      public void completed(Completion completion) {
        long now = System.nanoTime();
        nanos.add(now - counted);
        counted = now;
        rows.add(1);
        if (completion.completionTokens() != null) {
          tokens.add(completion.completionTokens());
        }
      }

      @Override
      public void failed(RowException cause) {
        errors.get(cause.kind()).add(1);
      }
    };
  }
}
