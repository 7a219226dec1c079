package org.kindling.spark.generation;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.run.TrainedModel;
import org.kindling.spark.settings.TextFormat;

/**
 * From files with prompts to a folder with completions.
 *
 * <ol>
 *   <li>{@link #prepare} refuses what can be refused without Spark.
 *   <li>{@link #run} counts rows, checks what it can, generates, and puts the output in its place.
 * </ol>
 *
 * <p>Rows come out in the order of the input: of files by their paths, and within files.
 */
public final class TableJob {
  private final String input;
  private final TextFormat format;
  private final TableOutput output;
  private final BatchSettings settings;

  /**
   * What was done.
   *
   * @param output the folder as users write it
   * @param rows of the output
   * @param errorsByKind rows that have an error, by the word that it begins with
   * @param tokens of all completions
   * @param taskSeconds that tasks took, one core each
   */
  public record Summary(
      String output, long rows, Map<String, Long> errorsByKind, long tokens, double taskSeconds) {}

  private TableJob(String input, TextFormat format, TableOutput output, BatchSettings settings) {
    this.input = input;
    this.format = format;
    this.output = output;
    this.settings = settings;
  }

  /**
   * A job whose input and output were looked for.
   *
   * @param format {@code text}, {@code jsonl} or {@code parquet}; null to go by files' names
   * @param mode {@code error}, {@code overwrite} or {@code append}
   * @throws org.kindling.spark.InputException if there is no such input, or the output must not be
   */
  public static TableJob prepare(
      String input,
      String format,
      String output,
      String mode,
      BatchSettings settings,
      Configuration hadoop) {
    TextFormat known = format == null ? null : TextFormat.of(format);
    TableOutput.Mode knownMode = TableOutput.Mode.of(mode);
    List<String> paths = TextFiles.paths(input, hadoop);
    TextFormat chosen = known == null ? TextFormat.of(input, paths) : known;
    String ending = chosen == TextFormat.PARQUET ? ".parquet" : ".jsonl";
    return new TableJob(
        input, chosen, TableOutput.at(output, knownMode, paths, ending, hadoop), settings);
  }

  /**
   * Runs it.
   *
   * @param cores that Spark gives to tasks
   * @throws org.kindling.spark.InputException (perhaps as a cause of Spark's exception) naming what
   *     stops the job
   */
  public Summary run(
      JavaSparkContext spark, TrainedModel model, int cores, GenerationProgress.Listener listener) {
    DecoderMemory.of(model.weights().state().model(), settings.slots()).check(spark, cores);
    try (BatchGenerator generator = new BatchGenerator(spark, model, settings)) {
      RowJob job = job(spark, generator);
      long rowsOfOutput = Math.multiplyExact(job.rows(), (long) settings.numSamples());
      int tasks = Rows.tasks(job.rows(), rowsOfOutput, settings.slots(), cores);
      try (GenerationProgress progress =
          GenerationProgress.watch(spark, generator.tally(), rowsOfOutput, listener)) {
        output.write(folder -> job.write(folder, tasks));
        progress.done();
      }
      Tally tally = generator.tally();
      return new Summary(
          output.toString(),
          tally.rows().value(),
          tally.errorsByKind(),
          tally.tokens().value(),
          tally.nanos().value() / 1e9);
    }
  }

  private RowJob job(JavaSparkContext spark, BatchGenerator generator) {
    String field = settings.promptField();
    return switch (format) {
      case TEXT -> lines(spark, new LineFormat.Text(field), generator);
      case JSONL -> lines(spark, LineFormat.Json.of(field), generator);
      case PARQUET -> new ParquetJob(spark, input, generator);
    };
  }

  private RowJob lines(JavaSparkContext spark, LineFormat lines, BatchGenerator generator) {
    TextFiles files = TextFiles.findAll(input, spark.hadoopConfiguration());
    return new LineJob(spark, files, lines, generator);
  }
}
