package org.kindling.spark.generation;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.decoding.Decoder;
import org.kindling.spark.InputException;

/**
 * What generation needs of memory, found before it begins.
 *
 * @param weightBytes the model's P floats
 * @param decoderBytes what a task's decoder takes outside the heap
 */
record DecoderMemory(long weightBytes, long decoderBytes) {
  private static final long MIB = 1 << 20;

  /** What Spark and the JVM need besides, in the heap and outside. */
  private static final long BASE_HEAP = 200 * MIB;

  private static final long BASE_OFF_HEAP = 250 * MIB;

  static DecoderMemory of(ModelSettings model, int slots) {
    return new DecoderMemory(
        (long) Float.BYTES * ParameterLayout.of(model).size(), Decoder.bytes(model, slots));
  }

  /**
   * Compares it with what Spark was given.
   *
   * @throws InputException naming the setting to change
   */
  void check(JavaSparkContext spark, int cores) {
    // As values, as bytes, and these twice while they become the blocks of a broadcast.
    long heap = BASE_HEAP + 4 * weightBytes;
    long hasHeap = Runtime.getRuntime().maxMemory();
    if (heap > hasHeap) {
      throw new InputException(
          "this model needs about %d MiB of heap on the driver, which has %d: set --driver-memory %dm"
              .formatted(heap / MIB, hasHeap / MIB, heap / MIB * 5 / 4));
    }
    if (spark.isLocal()) {
      checkPhysical(cores, hasHeap, physical());
    } else {
      checkOverhead(spark.getConf());
    }
  }

  private static long physical() {
    return ((com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  void checkPhysical(int tasks, long heap, long physical) {
    if (decoderBytes * tasks + heap > physical) {
      throw new InputException(
          "%d tasks at once need about %d MiB outside a heap of %d MiB, and the machine has %d MiB: lower --slots, the number of cores in --master, or --driver-memory"
              .formatted(tasks, decoderBytes * tasks / MIB, heap / MIB, physical / MIB));
    }
  }

  /** Only YARN and Kubernetes end an executor that takes more than it asked for. */
  void checkOverhead(SparkConf conf) {
    String master = conf.get("spark.master", "");
    if (!master.startsWith("yarn") && !master.startsWith("k8s")) {
      return;
    }
    int tasks = conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1);
    long needs = BASE_OFF_HEAP + decoderBytes * Math.max(1, tasks);
    double factor = conf.getDouble("spark.executor.memoryOverheadFactor", 0.1);
    long heap = conf.getSizeAsBytes("spark.executor.memory", "1g");
    long has =
        conf.contains("spark.executor.memoryOverhead")
            ? conf.getSizeAsMb("spark.executor.memoryOverhead") * MIB
            : Math.max(384 * MIB, (long) (factor * heap));
    if (needs > has) {
      throw new InputException(
          "the decoders of an executor's %d tasks need about %d MiB outside its heap, and spark.executor.memoryOverhead is %d: set --conf spark.executor.memoryOverhead=%dm, or lower --slots"
              .formatted(tasks, needs / MIB, has / MIB, needs / MIB * 5 / 4));
    }
  }
}
