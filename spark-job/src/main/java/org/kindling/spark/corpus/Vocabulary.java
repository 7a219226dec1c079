package org.kindling.spark.corpus;

import java.util.BitSet;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.SafeCut;

/** The distinct characters of a text: Unicode code points. */
public final class Vocabulary {

  private Vocabulary() {}

  /**
   * Finds them by one Spark job.
   *
   * @return the code points, ascending
   * @throws InputException (as a cause of Spark's exception) if a file cannot be read or is not of
   *     its format; directly if the files hold no character
   */
  public static int[] find(JavaSparkContext spark, TextFiles files) {
    BitSet all;
    DocumentReader reader = files.reader();
    try (HadoopConfiguration configuration = HadoopConfiguration.publish(spark)) {
      JavaRDD<BitSet> perTask =
          LocatedTasks.ranges(spark, files.ranges())
              .mapPartitions(
                  ranges -> {
                    BitSet seen = new BitSet();
                    ranges.forEachRemaining(range -> add(range, reader, configuration, seen));
                    return List.of(seen).iterator();
                  });
      // Reduced in a tree, since a large text in many scripts has large sets.
      all =
          JobDescription.describe(
              spark, "find characters", () -> perTask.treeReduce(Vocabulary::union));
    }
    if (all.isEmpty()) {
      throw new InputException(files.input() + " holds no text");
    }
    return all.stream().toArray();
  }

  private static BitSet union(BitSet a, BitSet b) {
    BitSet union = (BitSet) a.clone();
    union.or(b);
    return union;
  }

  private static void add(
      TextRange range, DocumentReader reader, HadoopConfiguration configuration, BitSet seen) {
    reader.read(range, configuration.value(), SafeCut.ANYWHERE, text -> addAll(text, seen));
  }

  private static void addAll(String text, BitSet seen) {
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      // Nearly all are known already: a read is cheaper than a write.
      if (!seen.get(codePoint)) {
        seen.set(codePoint);
      }
      i += Character.charCount(codePoint);
    }
  }
}
