package org.kindling.spark.session;

import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.InputException;

/**
 * Spark as the commands want it: what spark-submit says, and local mode on all cores where it says
 * nothing.
 */
public final class Sessions {
  private static final String HADOOP = "spark.hadoop.";
  private static final Pattern LOCAL =
      Pattern.compile("local(\\[\\s*(?<threads>\\d+|\\*)\\s*(,\\s*\\d+\\s*)?])?");

  private Sessions() {}

  /** Starts Spark; the caller closes it. */
  public static JavaSparkContext start(String command) {
    return start(command, Map.of());
  }

  /**
   * Starts Spark.
   *
   * @param wanted settings of Spark's that the command wants, where the user says nothing
   */
  public static JavaSparkContext start(String command, Map<String, String> wanted) {
    SparkConf conf = new SparkConf().setAppName("kindling " + command);
    wanted.forEach(conf::setIfMissing);
    conf.setIfMissing("spark.master", "local[*]");
    if (localCores(conf.get("spark.master")).isPresent()) {
      // A task that runs out of memory fails, and we say so; Spark would end this process, which
      // is the driver's, too, with a stack trace.
      conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
    }
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
  public static Configuration hadoop() {
    Configuration configuration = new Configuration();
    for (var property : new SparkConf().getAll()) {
      if (property._1.startsWith(HADOOP)) {
        configuration.set(property._1.substring(HADOOP.length()), property._2);
      }
    }
    return configuration;
  }

  /** The cores that Spark gives to tasks, once its executors are there. */
  public static int slots(JavaSparkContext spark) {
    Arrival.await(spark);
    return slotsNow(spark);
  }

  /** The cores that Spark gives to tasks at the moment. */
  public static int slotsNow(JavaSparkContext spark) {
    int taskCores = spark.sc().conf().getInt("spark.task.cpus", 1);
    int cores = localCores(spark.sc().master()).orElseGet(spark::defaultParallelism);
    return Math.max(1, cores / taskCores);
  }

  /**
   * The cores of local mode; spark.default.parallelism, which Spark would answer with where it is
   * set, is about shuffles.
   */
  static OptionalInt localCores(String master) {
    Matcher local = LOCAL.matcher(master);
    if (!local.matches()) {
      return OptionalInt.empty();
    }
    String threads = local.group("threads");
    return OptionalInt.of(
        threads == null
            ? 1
            : threads.equals("*")
                ? Runtime.getRuntime().availableProcessors()
                : Integer.parseInt(threads));
  }
}
