package org.kindling.spark.corpus;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** RDDs of one task each element, which Spark runs near the bytes that it reads, where it can. */
public final class LocatedTasks {

  /** More hosts than this help no scheduler; HDFS keeps three copies of a block. */
  private static final int MAX_HOSTS = 3;

  /**
   * How many tasks of a reading job a core works off: enough for balance, few enough to be cheap.
   */
  private static final int TASKS_PER_SLOT = 8;

  /** To open a file takes about as long as to read so many bytes. */
  private static final long OPENING_BYTES = 32 << 10;

  private LocatedTasks() {}

  /** All ranges, in order; neighbours share a task where there are very many. */
  public static JavaRDD<TextRange> ranges(JavaSparkContext spark, List<TextRange> ranges) {
    int tasks = Math.min(ranges.size(), TASKS_PER_SLOT * spark.defaultParallelism());
    List<ArrayList<TextRange>> groups = groups(ranges, tasks);
    return of(spark, groups, groups.stream().map(LocatedTasks::hosts).toList())
        .flatMap(List::iterator);
  }

  /**
   * Divides ranges into at most so many groups of neighbours that take about equally long: a large
   * file's share of bytes, or thousands of small files together.
   */
  static List<ArrayList<TextRange>> groups(List<TextRange> ranges, int tasks) {
    if (ranges.size() <= tasks) {
      return ranges.stream().map(range -> new ArrayList<>(List.of(range))).toList();
    }
    long total = ranges.stream().mapToLong(LocatedTasks::cost).sum();
    List<ArrayList<TextRange>> groups = new ArrayList<>();
    int last = -1;
    long before = 0;
    for (TextRange range : ranges) {
      long cost = cost(range);
      // By its middle, so that it makes no difference which way round the ranges are.
      int task = (int) ((before + cost / 2.0) / total * tasks);
      if (task > last) {
        groups.add(new ArrayList<>());
        last = task;
      }
      groups.get(groups.size() - 1).add(range);
      before += cost;
    }
    return groups;
  }

  private static long cost(TextRange range) {
    return OPENING_BYTES + range.storedBytes();
  }

  /** One task for each element, with the hosts that it prefers. */
  static <E extends Serializable> JavaRDD<E> of(
      JavaSparkContext spark, List<E> elements, List<List<String>> hosts) {
    List<Tuple2<E, Seq<String>>> located = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      Seq<String> preferred = CollectionConverters.asScala(hosts.get(i)).toSeq();
      located.add(new Tuple2<>(elements.get(i), preferred));
    }
    @SuppressWarnings("unchecked") // as Spark's own Java API does: elements are objects
    ClassTag<E> tag = (ClassTag<E>) (ClassTag<?>) ClassTag$.MODULE$.AnyRef();
    return spark.sc().makeRDD(CollectionConverters.asScala(located).toSeq(), tag).toJavaRDD();
  }

  /** The hosts that keep most of the ranges' bytes, the most first. */
  static List<String> hosts(List<TextRange> ranges) {
    Map<String, Long> bytes = new HashMap<>();
    for (TextRange range : ranges) {
      for (String host : range.hosts()) {
        bytes.merge(host, range.storedBytes(), Long::sum);
      }
    }
    return bytes.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MAX_HOSTS)
        .map(Map.Entry::getKey)
        .toList();
  }
}
