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

  private LocatedTasks() {}

  /** All ranges, in order; neighbours share a task where there are very many. */
  public static JavaRDD<TextRange> ranges(JavaSparkContext spark, List<TextRange> ranges) {
    int tasks = Math.min(ranges.size(), TASKS_PER_SLOT * spark.defaultParallelism());
    List<ArrayList<TextRange>> groups = new ArrayList<>();
    List<List<String>> hosts = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      int from = (int) EvenSplit.boundary(ranges.size(), task, tasks);
      int to = (int) EvenSplit.boundary(ranges.size(), task + 1, tasks);
      groups.add(new ArrayList<>(ranges.subList(from, to)));
      hosts.add(hosts(ranges.subList(from, to)));
    }
    return of(spark, groups, hosts).flatMap(List::iterator);
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
