package org.kindling.spark.session;

import org.apache.spark.SparkConf;
import org.kindling.spark.InputException;

/** What Spark was given of memory; refuses what will not fit, naming the setting to raise. */
public final class GivenMemory {
  private static final long MIB = 1 << 20;

  /** What Spark and the JVM need of a heap besides, measured at some 150 MiB. */
  public static final long BASE_HEAP = 200 * MIB;

  /** The JVM's own memory outside the heap: code, threads, network buffers. */
  private static final long BASE_OFF_HEAP = 250 * MIB;

  private GivenMemory() {}

  /** Compares a need with the heap of this JVM, which is the driver. */
  public static void requireOfDriver(long bytes) {
    requireHeap(bytes, Runtime.getRuntime().maxMemory(), "the driver", "--driver-memory ");
  }

  /**
   * Compares a need with the heap that each executor was given.
   *
   * @param executor how to call one: {@code an executor with 2 tasks}
   */
  public static void requireOfExecutor(SparkConf conf, String executor, long bytes) {
    requireHeap(bytes, executorHeap(conf), executor, "--conf spark.executor.memory=");
  }

  /** How many tasks an executor runs at once, as far as settings say. */
  public static int tasksOfExecutor(SparkConf conf) {
    int cores = conf.getInt("spark.executor.cores", Integer.MAX_VALUE);
    return Math.max(1, cores / conf.getInt("spark.task.cpus", 1));
  }

  private static void requireHeap(long bytes, long given, String of, String option) {
    if (bytes > given) {
      throw new InputException(
          "this model needs about %d MiB of heap on %s, which has %d: set %s%dm"
              .formatted(bytes / MIB, of, given / MIB, option, bytes / MIB * 5 / 4));
    }
  }

  /**
   * Compares what an executor needs outside its heap with what it may take there. Only YARN and
   * Kubernetes end one that takes more; a standalone master does not look.
   *
   * @param of what needs it: {@code replicas}
   * @param tasks that an executor runs at once
   * @param bytes what one of them needs
   * @param otherwise what else would help, behind the setting that the message names
   */
  public static void requireOutsideHeap(
      SparkConf conf, String of, int tasks, long bytes, String otherwise) {
    String master = conf.get("spark.master", "");
    long needs = BASE_OFF_HEAP + bytes * tasks;
    long given = overhead(conf);
    if ((master.startsWith("yarn") || master.startsWith("k8s")) && needs > given) {
      throw new InputException(
          "the %s of an executor's %d tasks need about %d MiB outside its heap, and spark.executor.memoryOverhead is %d: set --conf spark.executor.memoryOverhead=%dm%s"
              .formatted(of, tasks, needs / MIB, given / MIB, needs / MIB * 5 / 4, otherwise));
    }
  }

  /** Spark's own rule where nothing is set. */
  private static long overhead(SparkConf conf) {
    if (conf.contains("spark.executor.memoryOverhead")) {
      return conf.getSizeAsMb("spark.executor.memoryOverhead") * MIB;
    }
    double factor = conf.getDouble("spark.executor.memoryOverheadFactor", 0.1);
    return Math.max(384 * MIB, (long) (factor * executorHeap(conf)));
  }

  private static long executorHeap(SparkConf conf) {
    return conf.getSizeAsMb("spark.executor.memory", "1g") * MIB; // a bare number is MiB
  }

  /**
   * Compares what tasks of local mode need outside the heap with this machine's memory.
   *
   * @param of what needs it: {@code the replicas need}
   * @param bytes of all tasks
   * @param lower what to lower
   */
  public static void requireOfMachine(String of, long bytes, String lower) {
    var system =
        (com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    long heap = Runtime.getRuntime().maxMemory();
    long physical = system.getTotalMemorySize();
    if (bytes + heap > physical) {
      throw new InputException(
          "%s about %d MiB outside a heap of %d MiB, and the machine has %d MiB: lower %s"
              .formatted(of, bytes / MIB, heap / MIB, physical / MIB, lower));
    }
  }
}
