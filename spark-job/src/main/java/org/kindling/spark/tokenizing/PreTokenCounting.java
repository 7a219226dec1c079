package org.kindling.spark.tokenizing;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.DocumentReader;
import org.kindling.spark.corpus.LocatedTasks;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.corpus.TextRange;
import org.kindling.spark.session.HadoopConfiguration;
import org.kindling.spark.session.JobDescription;
import org.kindling.tokenizer.PreTokenCounts;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.SafeCut;
import scala.Function1;
import scala.Tuple2;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * Counts the pre-tokens of a text by one Spark job.
 *
 * <pre>
 * tasks     text --> counts of its pre-tokens --> parts by hash --.
 *           text --> counts of its pre-tokens --> parts by hash --+  shuffle
 * reducers  part 0 of all --> one sum --.                         |
 *           part 1 of all --> one sum --+  <----------------------'
 * driver    all parts, as they come: each pre-token once
 * </pre>
 *
 * <p>Nobody holds more than the distinct pre-tokens of what it reads, whatever the text's size, and
 * what reaches the driver are the distinct pre-tokens of all.
 */
public final class PreTokenCounting {
  private static final String DESCRIPTION = "count pre-tokens";

  private PreTokenCounting() {}

  /**
   * Counts. Learning cuts each line by itself, its line end included, so a document may come in any
   * pieces that are cut after lines or where the pattern allows it.
   *
   * @throws InputException if there is no text; directly or as a cause of Spark's exception if it
   *     cannot be read
   */
  public static PreTokenCounts of(
      JavaSparkContext spark, TextFiles files, PreTokenPattern pattern, CountingListener listener) {
    PreTokenCounts all = new PreTokenCounts();
    DocumentReader reader = files.reader();
    try (HadoopConfiguration configuration = HadoopConfiguration.publish(spark)) {
      JavaRDD<PreTokenCounts> perTask =
          LocatedTasks.ranges(spark, files.ranges())
              .mapPartitions(ranges -> counts(ranges, reader, configuration, pattern));
      int parts = spark.defaultParallelism();
      int tasks = perTask.getNumPartitions() + parts;
      try (JobProgress progress = JobProgress.watch(spark, DESCRIPTION, tasks, listener::counted)) {
        JobDescription.describe(
            spark,
            DESCRIPTION,
            () -> {
              JavaRDD<PreTokenCounts> perPart = added(perTask, parts);
              return JobDescription.nameStage(
                  spark, "add counts of pre-tokens", () -> gather(perPart, all));
            });
        progress.done();
      }
    }
    if (all.size() == 0) {
      throw new InputException(files.input() + " holds no text");
    }
    return all;
  }

  /** One sum for each part. */
  private static JavaRDD<PreTokenCounts> added(JavaRDD<PreTokenCounts> perTask, int parts) {
    return perTask
        .flatMapToPair(counts -> divided(counts, parts))
        .partitionBy(new HashPartitioner(parts))
        .values()
        .mapPartitions(some -> List.of(sum(some)).iterator());
  }

  private static Iterator<PreTokenCounts> counts(
      Iterator<TextRange> ranges,
      DocumentReader reader,
      HadoopConfiguration configuration,
      PreTokenPattern pattern) {
    PreTokenCounts counts = new PreTokenCounts();
    SafeCut cuts = SafeCut.LINES.or(pattern.cuts());
    while (ranges.hasNext()) {
      reader.read(
          ranges.next(), configuration.value(), cuts, text -> counts.addLines(text, pattern));
    }
    return List.of(counts).iterator();
  }

  /** Adds each part as it comes, so that the driver never holds all of them twice. */
  private static PreTokenCounts gather(JavaRDD<PreTokenCounts> parts, PreTokenCounts all) {
    parts
        .context()
        .runJob(
            parts.rdd(),
            (Function1<scala.collection.Iterator<PreTokenCounts>, PreTokenCounts> & Serializable)
                scala.collection.Iterator::next,
            (Object index, PreTokenCounts part) -> {
              all.merge(part);
              return BoxedUnit.UNIT;
            },
            ClassTag$.MODULE$.apply(PreTokenCounts.class));
    return all;
  }

  private static Iterator<Tuple2<Integer, PreTokenCounts>> divided(
      PreTokenCounts counts, int parts) {
    PreTokenCounts[] divided = counts.split(parts);
    List<Tuple2<Integer, PreTokenCounts>> result = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      if (divided[part].size() > 0) {
        result.add(new Tuple2<>(part, divided[part]));
      }
    }
    return result.iterator();
  }

  private static PreTokenCounts sum(Iterator<PreTokenCounts> some) {
    PreTokenCounts sum = new PreTokenCounts();
    some.forEachRemaining(sum::merge);
    return sum;
  }
}
