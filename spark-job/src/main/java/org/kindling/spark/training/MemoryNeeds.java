package org.kindling.spark.training;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.Corpus;
import org.kindling.spark.settings.ReductionType;
import org.kindling.spark.settings.TrainSettings;
import org.kindling.spark.settings.WireType;

/**
 * What a run will need of memory, found before its first step.
 *
 * @param vectorBytes a vector of P floats
 * @param replicaBytes one replica: weights, gradients and activations, outside the Java heap
 * @param shards K
 * @param wire how weights and gradients travel
 * @param reduction who adds gradients
 */
public record MemoryNeeds(
    long vectorBytes, long replicaBytes, int shards, WireType wire, ReductionType reduction) {
  private static final long MIB = 1 << 20;

  /** What Spark and the JVM need besides, measured at some 150 MiB. */
  private static final long BASE_HEAP = 200 * MIB;

  /** The JVM's own memory outside the heap: code, threads, network buffers. */
  private static final long BASE_OFF_HEAP = 250 * MIB;

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
    return new MemoryNeeds(
        Float.BYTES * parameters,
        Float.BYTES * values,
        settings.shards(),
        settings.wire(),
        settings.reduction());
  }

  /**
   * Compares the needs with what Spark was given.
   *
   * @throws InputException naming the setting to raise and the value
   */
  public void check(JavaSparkContext spark, int slots) {
    int tasks = Corpus.tasks(shards, slots);
    long heap = spark.isLocal() ? localHeap(tasks) : driverHeap(tasks);
    long available = Runtime.getRuntime().maxMemory();
    if (heap > available) {
      throw new InputException(
          "this model needs about %d MiB of heap on the driver, which has %d: set --driver-memory %dm"
              .formatted(heap / MIB, available / MIB, heap / MIB * 5 / 4));
    }
    if (spark.isLocal()) {
      checkPhysical(replicaBytes * tasks, available);
    } else {
      int executors = Math.max(1, spark.sc().getExecutorMemoryStatus().size() - 1);
      checkExecutors(spark.getConf(), (tasks + executors - 1) / executors, tasks);
    }
  }

  /** A vector of P values on the wire. */
  private long wireBytes() {
    return FloatVector.bytes(vectorBytes / Float.BYTES, wire);
  }

  /**
   * Vectors that the driver has from step to step: weights and two moments, their copies for the
   * checkpoint that is being written, and the weights as a wire that rounds delivers them.
   */
  private int kept() {
    return wire == WireType.F32 ? 6 : 7;
  }

  /** Driver and tasks in one heap, where vectors change hands as they are. */
  private long localHeap(int tasks) {
    return BASE_HEAP + vectorBytes * (kept() + (long) tasks * held(tasks));
  }

  /** Besides what is kept: the weights as they travel, and the vectors that arrive. */
  private long driverHeap(int tasks) {
    return BASE_HEAP + vectorBytes * (kept() + received(tasks)) + wireBytes();
  }

  /**
   * An executor with {@code here} of the tasks: the weights as they travel; what each task holds;
   * and what it leaves for the driver, or receives from a shuffle.
   */
  private long executorHeap(int here, int tasks) {
    long returned = Reduction.vectors(wire, shards, tasks) / tasks;
    return BASE_HEAP + wireBytes() + here * (held(tasks) * vectorBytes + returned * wireBytes());
  }

  /**
   * How many vectors a task has at most, at its last shard: a partial sum for each level of the
   * tree over its block, and a gradient; or each shard's, where the wire rounds before any sum.
   */
  int held(int tasks) {
    int block = shards / tasks;
    return wire == WireType.F32 ? 1 + Integer.numberOfTrailingZeros(block) : block;
  }

  /** How many vectors reach the driver in a step. */
  int received(int tasks) {
    return bySlices(tasks) ? 1 : Reduction.vectors(wire, shards, tasks);
  }

  private boolean bySlices(int tasks) {
    int vectors = Reduction.vectors(wire, shards, tasks);
    return Reduction.of(reduction, vectors, wireBytes()) instanceof SliceReduction;
  }

  /** Compares what {@code here} of a step's tasks need with what each executor was given. */
  void checkExecutors(SparkConf conf, int here, int tasks) {
    long heap = executorHeap(here, tasks);
    long hasHeap = conf.getSizeAsBytes("spark.executor.memory", "1g");
    if (heap > hasHeap) {
      throw new InputException(
          "this model needs about %d MiB of heap on an executor with %d tasks, which has %d: set --conf spark.executor.memory=%dm"
              .formatted(heap / MIB, here, hasHeap / MIB, heap / MIB * 5 / 4));
    }
    String master = conf.get("spark.master", "");
    long offHeap = BASE_OFF_HEAP + replicaBytes * here;
    long hasOffHeap = overhead(conf, hasHeap);
    // Standalone masters do not look at memory outside the heap; these end an executor over it.
    if ((master.startsWith("yarn") || master.startsWith("k8s")) && offHeap > hasOffHeap) {
      throw new InputException(
          "the replicas of an executor's %d tasks need about %d MiB outside its heap, and spark.executor.memoryOverhead is %d: set --conf spark.executor.memoryOverhead=%dm"
              .formatted(here, offHeap / MIB, hasOffHeap / MIB, offHeap / MIB * 5 / 4));
    }
  }

  /** Spark's own rule where nothing is set. */
  private static long overhead(SparkConf conf, long heap) {
    if (conf.contains("spark.executor.memoryOverhead")) {
      return conf.getSizeAsMb("spark.executor.memoryOverhead") * MIB;
    }
    double factor = conf.getDouble("spark.executor.memoryOverheadFactor", 0.1);
    return Math.max(384 * MIB, (long) (factor * heap));
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
}
