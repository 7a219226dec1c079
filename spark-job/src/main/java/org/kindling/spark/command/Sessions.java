package org.kindling.spark.command;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.InputException;

/**
 * Spark as the commands want it: what spark-submit says, and local mode on all cores where it says
 * nothing.
 */
final class Sessions {
  private static final String HADOOP = "spark.hadoop.";

  private Sessions() {}

  /** Starts Spark; the caller closes it. */
  static JavaSparkContext start(String command) {
    return start(command, Map.of());
  }

  /**
   * Starts Spark.
   *
   * @param wanted settings of Spark's that the command wants, where the user says nothing
   */
  static JavaSparkContext start(String command, Map<String, String> wanted) {
    SparkConf conf = new SparkConf().setAppName("kindling " + command);
    wanted.forEach(conf::setIfMissing);
    conf.setIfMissing("spark.master", "local[*]");
    // Records cross the wire, and Kryo cannot make those.
    conf.set("spark.serializer", "org.apache.spark.serializer.JavaSerializer");
    // Spark broadcasts each job's code through a fresh buffer of this size, 4 MiB unless told.
    // Clearing it takes a millisecond a step, and weights do not go through it.
    conf.setIfMissing("spark.broadcast.blockSize", "64k");
    try {
      return new JavaSparkContext(conf);
    } catch (Exception e) { // Scala's checked exceptions are not declared
      throw new InputException(
          "Spark does not start with --master %s: %s"
              .formatted(conf.get("spark.master"), e.getMessage()),
          e);
    }
  }

  /** Hadoop's configuration as Spark would make it, for commands that need no Spark. */
  static Configuration hadoop() {
    Configuration configuration = new Configuration();
    for (var property : new SparkConf().getAll()) {
      if (property._1.startsWith(HADOOP)) {
        configuration.set(property._1.substring(HADOOP.length()), property._2);
      }
    }
    return configuration;
  }

  /** The cores that Spark gives to tasks, once its executors are there. */
  static int slots(JavaSparkContext spark) {
    Arrival.await(spark);
    int taskCores = spark.sc().conf().getInt("spark.task.cpus", 1);
    return Math.max(1, spark.defaultParallelism() / taskCores);
  }
}
