package org.kindling.spark.session;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The wait for a cluster's executors. A standalone master lets a program begin with the first of
 * them, so the number of cores, and with it the number of shards that a run chooses for good, would
 * depend on which started faster.
 */
final class Arrival {
  /** The longest wait, by the setting with which Spark waits on YARN and Kubernetes. */
  private static final String LONGEST = "spark.scheduler.maxRegisteredResourcesWaitingTime";

  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,.*");

  /** Where nobody says how many will come: all have, when no other came for so long. */
  private static final long QUIET_NANOS = 2_000_000_000L;

  private static final long POLL_MILLIS = 20;

  private Arrival() {}

  /** Returns when all cores are there, or after the longest wait with those that are. */
  static void await(JavaSparkContext spark) {
    if (spark.isLocal() || spark.getConf().contains("spark.default.parallelism")) {
      return; // Spark's answer depends on no executor
    }
    OptionalInt expected = expectedCores(spark.getConf());
    long longest = spark.getConf().getTimeAsMs(LONGEST, "30s") * 1_000_000;
    long start = System.nanoTime();
    long lastCame = start;
    int executors = 0;
    while (System.nanoTime() - start < longest) {
      int now = spark.sc().getExecutorMemoryStatus().size() - 1; // and the driver
      if (now > executors) {
        executors = now;
        lastCame = System.nanoTime();
      }
      boolean all =
          expected.isPresent()
              ? spark.defaultParallelism() >= expected.getAsInt()
              : System.nanoTime() - lastCame > QUIET_NANOS;
      if (executors > 0 && all) {
        return;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Where master or settings say how many cores there will be. */
  static OptionalInt expectedCores(SparkConf conf) {
    Matcher local = LOCAL_CLUSTER.matcher(conf.get("spark.master"));
    if (local.matches()) {
      return OptionalInt.of(Integer.parseInt(local.group(1)) * Integer.parseInt(local.group(2)));
    }
    // Of a maximum, the cluster may have less.
    return OptionalInt.empty();
  }
}
