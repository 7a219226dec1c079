package org.kindling.spark.generation;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.kindling.spark.run.TrainedModel;

/**
 * A model that continues the prompts of a Dataset, each row by itself.
 *
 * <pre>{@code
 * try (BatchGenerator generator =
 *     BatchGenerator.load(spark, "hdfs:///models/books", BatchSettings.DEFAULTS)) {
 *   generator.transform(spark.read().parquet("prompts")).write().parquet("completions");
 * }
 * }</pre>
 *
 * <p>A row's completion depends on its prompt, its settings and its seed: not on other rows, on
 * partitions, on slots or on retries. The model is broadcast; a task holds a decoder outside the
 * heap, and a bounded number of rows.
 *
 * <p>{@link #close} takes the model from the executors, so it comes after the last action on what
 * {@link #transform} has given.
 */
public final class BatchGenerator implements AutoCloseable {
  private final Broadcast<PublishedModel> published;
  private final BatchSettings settings;
  private final Tally tally;

  BatchGenerator(JavaSparkContext spark, TrainedModel model, BatchSettings settings) {
    this.settings = settings;
    this.tally = Tally.register(spark.sc());
    this.published = spark.broadcast(PublishedModel.of(SharedModel.of(model)));
  }

  /**
   * Loads the best checkpoint of a run.
   *
   * @param directory the run's, in any Hadoop file system; read here on the driver
   * @throws org.kindling.spark.InputException if it is no run, or damaged
   */
  public static BatchGenerator load(SparkSession spark, String directory, BatchSettings settings) {
    return load(spark, directory, "best", settings);
  }

  /**
   * Loads a run's model.
   *
   * @param checkpoint {@code best}, {@code latest}, or a checkpoint's name
   * @throws org.kindling.spark.InputException as above
   */
  public static BatchGenerator load(
      SparkSession spark, String directory, String checkpoint, BatchSettings settings) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return new BatchGenerator(
        context,
        TrainedModel.load(directory, checkpoint, List.of(), context.hadoopConfiguration()),
        settings);
  }

  /**
   * The table's rows, in their order and partitions, with the columns {@code completion}, {@code
   * finish_reason}, {@code prompt_tokens}, {@code completion_tokens}, {@code seed} and {@code
   * error} behind theirs; columns of these names give way. Lazy, as all transformations.
   *
   * @throws org.kindling.spark.InputException if the column of prompts is not there or no text, or
   *     one of a setting's name has another type
   */
  public Dataset<Row> transform(Dataset<Row> prompts) {
    TableFormat format = TableFormat.of(prompts.schema(), settings.promptField());
    MapPartitionsFunction<Row, Row> task = new GenerationTask<>(published, format, settings, tally);
    return prompts.mapPartitions(task, Encoders.row(format.output()));
  }

  /** The same for lines of text. */
  JavaRDD<byte[]> transform(JavaRDD<byte[]> lines, LineFormat format) {
    return lines.mapPartitions(new GenerationTask<>(published, format, settings, tally));
  }

  Tally tally() {
    return tally;
  }

  /** The model where tasks can find it. */
  Broadcast<PublishedModel> published() {
    return published;
  }

  BatchSettings settings() {
    return settings;
  }

  @Override
  public void close() {
    published.destroy(true);
  }
}
