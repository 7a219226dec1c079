package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.corpus.CorpusFixture.spark;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/** Tasks near the bytes that they read. */
@ExtendWith(CorpusFixture.class)
class LocatedTasksTest {
  @Test
  void tasksPreferTheHostsThatKeepMostOfTheirBytes() {
    TextRange one = range(0, 100, List.of("alpha", "beta"));
    TextRange two = range(100, 150, List.of("gamma", "beta"));
    TextRange three = range(150, 160, List.of("delta"));

    assertThat(LocatedTasks.hosts(List.of(one, two, three)))
        .containsExactly("beta", "alpha", "gamma");
    JavaRDD<TextRange> ranges = LocatedTasks.ranges(spark(), List.of(one, two, three));
    RDD<?> located = ranges.rdd().firstParent(ClassTag$.MODULE$.Any());
    assertThat(CollectionConverters.asJava(located.preferredLocations(located.partitions()[2])))
        .containsExactly("delta");
    assertThat(ranges.collect()).containsExactly(one, two, three);
  }

  private static TextRange range(long start, long end, List<String> hosts) {
    return new TextRange("hdfs://alpha/text", start, end, 160, false, hosts);
  }
}
