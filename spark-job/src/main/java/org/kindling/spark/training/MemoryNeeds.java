package org.kindling.spark.training;

import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.Corpus;
import org.kindling.spark.settings.TrainSettings;

/**
 * What a run will need of memory, found before its first step.
 *
 * @param vectorBytes a vector of P floats
 * @param replicaBytes one replica: weights, gradients and activations, outside the Java heap
 * @param shards K
 */
public record MemoryNeeds(long vectorBytes, long replicaBytes, int shards) {
  private static final long MIB = 1 << 20;

  /** What Spark and the JVM need besides, measured at some 150 MiB. */
  private static final long BASE_HEAP = 200 * MIB;

  /** The needs of a run whose number of shards is decided. */
  public static MemoryNeeds of(TrainSettings settings, ModelSettings model) {
    long parameters = ParameterLayout.of(model).size();
    long sequences = settings.microBatchFor(settings.shards(), model.context());
    long rows = sequences * model.context();
    long values = 2 * parameters + rows * model.vocabulary();
    if (model.type() == ModelType.GPT) {
      long perRow = 16L * model.embedding() + (long) model.heads() * model.context();
      values += rows * (perRow * model.layers() + 11L * model.embedding());
    }
    return new MemoryNeeds(Float.BYTES * parameters, Float.BYTES * values, settings.shards());
  }

  /**
   * Compares the needs with what Spark was given.
   *
   * @throws InputException naming the setting to raise and the value
   */
  public void check(JavaSparkContext spark, int slots) {
    int tasks = Corpus.tasks(shards, slots);
    // Weights and two moments, and a gradient for each task; elsewhere also the serialised copies
    // of both.
    long heap = BASE_HEAP + vectorBytes * (spark.isLocal() ? 3L + 2L * tasks : 5L + 2L * tasks);
    long available = Runtime.getRuntime().maxMemory();
    if (heap > available) {
      throw new InputException(
          "this model needs about %d MiB of heap on the driver, which has %d: set --driver-memory %dm"
              .formatted(heap / MIB, available / MIB, heap / MIB * 5 / 4));
    }
    if (spark.isLocal()) {
      checkPhysical(replicaBytes * tasks, available);
    } else {
      checkResults(spark, tasks);
    }
  }

  private static void checkPhysical(long offHeap, long heap) {
    var system =
        (com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    long physical = system.getTotalMemorySize();
    if (offHeap + heap > physical) {
      throw new InputException(
          "the replicas need about %d MiB outside a heap of %d MiB, and the machine has %d MiB: lower train.micro-batch, the number of cores in --master, or --driver-memory"
              .formatted(offHeap / MIB, heap / MIB, physical / MIB));
    }
  }

  private void checkResults(JavaSparkContext spark, int tasks) {
    long limit = spark.getConf().getSizeAsBytes("spark.driver.maxResultSize", "1g");
    long results = vectorBytes * tasks;
    if (limit > 0 && results > limit) {
      throw new InputException(
          "the gradients of %d tasks are %d MiB, and spark.driver.maxResultSize is %d: set --conf spark.driver.maxResultSize=%dm"
              .formatted(tasks, results / MIB, limit / MIB, results / MIB * 5 / 4));
    }
  }
}
