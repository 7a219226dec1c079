package org.kindling.spark.training;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.Replica;
import org.kindling.model.kernels.OneDnnKernels;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.Corpus;
import org.kindling.spark.session.GivenMemory;
import org.kindling.spark.settings.ReductionType;
import org.kindling.spark.settings.TrainSettings;
import org.kindling.spark.settings.WireType;

/**
 * What a run will need of memory, found before its first step.
 *
 * @param vectorBytes a vector of P floats
 * @param replicaBytes one replica: weights, gradients, activations and dropout masks, outside the
 *     Java heap
 * @param heapBytes what a replica keeps on the Java heap
 * @param shards K
 * @param wire how weights and gradients travel
 * @param reduction who adds gradients
 */
public record MemoryNeeds(
    long vectorBytes,
    long replicaBytes,
    long heapBytes,
    int shards,
    WireType wire,
    ReductionType reduction) {
  /** The needs of a run whose number of shards is decided. */
  public static MemoryNeeds of(TrainSettings settings, ModelSettings model) {
    long parameters = ParameterLayout.of(model).size();
    int sequences = settings.microBatchFor(settings.shards(), model);
    long rows = (long) sequences * model.context();
    requireAddressable(rows * model.vocabulary(), settings, model);
    if (model.type() == ModelType.GPT) {
      requireAddressable(rows * model.embedding(), settings, model);
    }
    return new MemoryNeeds(
        Float.BYTES * parameters,
        Replica.bytes(model, sequences),
        settings.skipsZerosOf(model)
            ? OneDnnKernels.bytesToSkip(model.feedForwardSize(), model.embedding())
            : 0,
        settings.shards(),
        settings.wire(),
        settings.reduction());
  }

  /** Kernels see a replica's arrays as buffers of floats, which end at 2 GiB. */
  private static void requireAddressable(long values, TrainSettings settings, ModelSettings model) {
    if (values >= 1L << 29) {
      throw new InputException(
          "an array of a pass would have %d values, 2^29 at most: lower train.micro-batch = %d or model.context = %d"
              .formatted(
                  values, settings.microBatchFor(settings.shards(), model), model.context()));
    }
  }

  /**
   * Compares the needs with what Spark was given.
   *
   * @throws InputException naming the setting to raise and the value
   */
  public void check(JavaSparkContext spark, int slots) {
    int tasks = Corpus.tasks(shards, slots);
    GivenMemory.requireOfDriver(spark.isLocal() ? localHeap(tasks) : driverHeap(tasks));
    if (spark.isLocal()) {
      GivenMemory.requireOfMachine(
          "the replicas need",
          replicaBytes * tasks,
          "train.micro-batch, the number of cores in --master, or --driver-memory");
    } else {
      int executors = Math.max(1, spark.sc().getExecutorMemoryStatus().size() - 1);
      int here = (tasks + executors - 1) / executors;
      checkExecutors(
          spark.getConf(), Math.min(here, GivenMemory.tasksOfExecutor(spark.getConf())), tasks);
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
    return GivenMemory.BASE_HEAP
        + vectorBytes * (kept() + (long) tasks * held(tasks))
        + tasks * heapBytes;
  }

  /** Besides what is kept: the weights as they travel, and the vectors that arrive. */
  private long driverHeap(int tasks) {
    return GivenMemory.BASE_HEAP + vectorBytes * (kept() + received(tasks)) + wireBytes();
  }

  /**
   * An executor with {@code here} of the tasks: the weights as they travel; what each task holds;
   * and what it leaves for the driver, or receives from a shuffle.
   */
  private long executorHeap(int here, int tasks) {
    long returned = Reduction.vectors(wire, shards, tasks) / tasks;
    long task = held(tasks) * vectorBytes + returned * wireBytes() + heapBytes;
    return GivenMemory.BASE_HEAP + wireBytes() + here * task;
  }

  /**
   * How many vectors a task has at most, at its last shard: a partial sum for each level of the
   * tree over its shards, and a gradient; or each shard's, where the wire rounds before any sum.
   */
  int held(int tasks) {
    int own = shards / tasks;
    return wire == WireType.F32 ? 1 + Integer.numberOfTrailingZeros(own) : own;
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
    GivenMemory.requireOfExecutor(
        conf, "an executor with %d tasks".formatted(here), executorHeap(here, tasks));
    GivenMemory.requireOutsideHeap(conf, "replicas", here, replicaBytes, "");
  }
}
