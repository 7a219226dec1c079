package org.kindling.spark.tokenizing;

import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.kindling.spark.corpus.HadoopConfiguration;
import org.kindling.tokenizer.PreTokenCounts;
import org.kindling.tokenizer.PreTokenPattern;

/**
 * Text that a tokenizer is learned from, as Spark tasks read it.
 *
 * <p>Learning cuts each line by itself, its line end included, so the text may come in any pieces
 * that are cut after lines or where the pattern allows it.
 */
public sealed interface LearningText permits PlainText, JsonLines, ParquetColumn {

  /** What the user called it. */
  String input();

  /**
   * The pre-tokens of each task's texts, one element a partition.
   *
   * @param configuration open as long as jobs on the result run
   */
  JavaRDD<PreTokenCounts> counts(
      JavaSparkContext spark, HadoopConfiguration configuration, PreTokenPattern pattern);

  /** Counts the pre-tokens of what {@code reading} makes of a partition's elements. */
  static <E> FlatMapFunction<Iterator<E>, PreTokenCounts> counting(
      PreTokenPattern pattern, Reading<E> reading) {
    return elements -> {
      PreTokenCounts counts = new PreTokenCounts();
      while (elements.hasNext()) {
        reading.read(elements.next(), text -> counts.addLines(text, pattern));
      }
      return List.of(counts).iterator();
    };
  }

  /** Gives the texts of an element of an RDD. */
  @FunctionalInterface
  interface Reading<E> extends java.io.Serializable {
    void read(E element, Consumer<String> text);
  }
}
