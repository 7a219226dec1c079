package org.kindling.spark.corpus;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.InputException;
import org.kindling.spark.session.HadoopConfiguration;
import org.kindling.spark.session.JobDescription;
import org.kindling.tokenizer.SafeCut;

/** Which characters, Unicode code points, are in a text, and how often. */
public final class CharacterCounts implements Serializable {
  private static final long serialVersionUID = 1;

  /** A task counts in a table of all of them: 9 MB, and quicker than asking a set. */
  private static final int CODE_POINTS = Character.MAX_CODE_POINT + 1;

  /** Those that occur, ascending. */
  private final int[] codePoints;

  private final long[] counts;

  private CharacterCounts(int[] codePoints, long[] counts) {
    this.codePoints = codePoints;
    this.counts = counts;
  }

  /**
   * Counts by one Spark job.
   *
   * @throws InputException (as a cause of Spark's exception) if a file cannot be read or is not of
   *     its format; directly if the files hold no character
   */
  public static CharacterCounts of(JavaSparkContext spark, TextFiles files) {
    CharacterCounts all;
    DocumentReader reader = files.reader();
    try (HadoopConfiguration configuration = HadoopConfiguration.publish(spark)) {
      JavaRDD<CharacterCounts> perTask =
          LocatedTasks.ranges(spark, files.ranges())
              .mapPartitions(ranges -> List.of(count(ranges, reader, configuration)).iterator());
      all =
          JobDescription.describe(
              spark, "count characters", () -> perTask.treeReduce(CharacterCounts::plus));
    }
    if (all.size() == 0) {
      throw new InputException(files.input() + " holds no text");
    }
    return all;
  }

  private static CharacterCounts count(
      Iterator<TextRange> ranges, DocumentReader reader, HadoopConfiguration configuration) {
    long[] table = new long[CODE_POINTS];
    while (ranges.hasNext()) {
      reader.read(
          ranges.next(),
          configuration.value(),
          SafeCut.ANYWHERE,
          text -> text.codePoints().forEach(c -> table[c]++));
    }
    return ofTable(table);
  }

  /** How many different characters there are. */
  public int size() {
    return codePoints.length;
  }

  /** All of them, ascending. */
  public int[] codePoints() {
    return codePoints.clone();
  }

  /**
   * The characters to keep where not all can be: the most frequent, and of equally frequent ones
   * the smaller.
   *
   * @return at most {@code most} code points, ascending
   */
  public int[] mostFrequent(int most) {
    return IntStream.range(0, codePoints.length)
        .boxed()
        .sorted(Comparator.comparingLong((Integer i) -> counts[i]).reversed())
        .limit(most)
        .mapToInt(i -> codePoints[i])
        .sorted()
        .toArray();
  }

  private CharacterCounts plus(CharacterCounts other) {
    long[] table = new long[CODE_POINTS];
    for (CharacterCounts each : List.of(this, other)) {
      for (int i = 0; i < each.codePoints.length; i++) {
        table[each.codePoints[i]] += each.counts[i];
      }
    }
    return ofTable(table);
  }

  private static CharacterCounts ofTable(long[] table) {
    int[] codePoints = IntStream.range(0, table.length).filter(c -> table[c] > 0).toArray();
    return new CharacterCounts(
        codePoints, Arrays.stream(codePoints).mapToLong(c -> table[c]).toArray());
  }
}
