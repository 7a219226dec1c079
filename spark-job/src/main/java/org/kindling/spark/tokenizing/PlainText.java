package org.kindling.spark.tokenizing;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.HadoopConfiguration;
import org.kindling.spark.corpus.LocatedTasks;
import org.kindling.spark.corpus.RangeReader;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.tokenizer.PreTokenCounts;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.SafeCut;

/** Files that hold nothing but text. */
public record PlainText(TextFiles files) implements LearningText {

  @Override
  public String input() {
    return files.input();
  }

  @Override
  public JavaRDD<PreTokenCounts> counts(
      JavaSparkContext spark, HadoopConfiguration configuration, PreTokenPattern pattern) {
    return LocatedTasks.ranges(spark, files.ranges())
        .mapPartitions(
            LearningText.counting(
                pattern,
                (range, text) ->
                    RangeReader.read(
                        range,
                        configuration.value(),
                        SafeCut.LINES.or(pattern.cuts()),
                        (piece, offset) -> text.accept(piece))));
  }
}
