package org.kindling.spark.command;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.spark.command.train.WorkProgress;
import org.kindling.spark.generation.TableJob;
import org.kindling.spark.run.TrainedModel;
import org.kindling.spark.session.Sessions;

/** Runs a job over a table, showing how it goes, and what came of it. */
final class TableGeneration {
  /** Executors say how far they are in their heartbeats; Spark's default is 10 seconds. */
  private static final Map<String, String> SPARK = Map.of("spark.executor.heartbeatInterval", "2s");

  private TableGeneration() {}

  static void run(TableJob job, TrainedModel trained) {
    try (JavaSparkContext spark = Sessions.start("generate", SPARK)) {
      int cores = Sessions.slots(spark);
      // Now, or the first task of local mode would say it behind the bar.
      KernelChooser.announce(trained.settings().train().kernels());
      long began = System.nanoTime();
      TableJob.Summary summary;
      try (WorkProgress progress = WorkProgress.of("generating")) {
        summary =
            job.run(
                spark,
                trained,
                cores,
                (rows, of, tokens) -> progress.at(rows, of, rate(tokens, began)));
      }
      print(summary, (System.nanoTime() - began) / 1e9);
    }
  }

  private static String rate(long tokens, long began) {
    double seconds = (System.nanoTime() - began) / 1e9;
    return String.format(Locale.ROOT, "%,.0f tokens/s", tokens / seconds);
  }

  private static void print(TableJob.Summary summary, double seconds) {
    System.out.printf(
        Locale.ROOT, "%n%,d rows in %.1f s: %s%n", summary.rows(), seconds, summary.output());
    System.out.printf(
        Locale.ROOT,
        "%,d tokens, %,.0f tokens/s, %,.0f tokens/s a core%n",
        summary.tokens(),
        summary.tokens() / seconds,
        summary.tokens() / Math.max(1e-9, summary.taskSeconds()));
    long errors = summary.errorsByKind().values().stream().mapToLong(Long::longValue).sum();
    if (errors > 0) {
      System.out.printf(
          Locale.ROOT,
          "%,d rows with errors: %s%n",
          errors,
          summary.errorsByKind().entrySet().stream()
              .map(kind -> "%s %,d".formatted(kind.getKey(), kind.getValue()))
              .collect(Collectors.joining(", ")));
    }
  }
}
