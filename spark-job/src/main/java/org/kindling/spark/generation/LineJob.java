package org.kindling.spark.generation;

import java.util.List;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.corpus.TextRange;
import org.kindling.spark.session.HadoopConfiguration;
import org.kindling.spark.session.JobDescription;
import scala.Tuple2;

/** Text and JSON lines to JSON lines, without a shuffle: each task reads the rows it continues. */
final class LineJob implements RowJob {
  private final JavaSparkContext spark;
  private final TextFiles files;
  private final LineFormat format;
  private final BatchGenerator generator;
  private final LineSurvey survey;

  LineJob(JavaSparkContext spark, TextFiles files, LineFormat format, BatchGenerator generator) {
    this.spark = spark;
    this.files = files;
    this.format = format;
    this.generator = generator;
    this.survey = LineSurvey.of(spark, files, format, generator.settings(), generator.published());
  }

  @Override
  public long rows() {
    return survey.rows().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void write(String folder, int tasks) {
    List<TextRange> ranges = files.ranges();
    List<RowBlocks.Block> blocks = RowBlocks.of(ranges, survey.rows(), tasks);
    LineFormat rows = format;
    try (HadoopConfiguration configuration = HadoopConfiguration.publish(spark)) {
      JavaRDD<byte[]> lines =
          spark
              .parallelize(blocks, blocks.size())
              .mapPartitions(all -> new RowBlocks.Reading(all.next(), configuration.value(), rows));
      JobDescription.describe(
          spark,
          "generate",
          () -> {
            generator
                .transform(lines, rows)
                .mapToPair(line -> new Tuple2<>(NullWritable.get(), new Text(line)))
                .saveAsNewAPIHadoopFile(
                    folder,
                    NullWritable.class,
                    Text.class,
                    JsonLinesOutput.class,
                    spark.hadoopConfiguration());
            return null;
          });
    }
  }
}
