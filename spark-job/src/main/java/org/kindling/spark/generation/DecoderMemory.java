package org.kindling.spark.generation;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.decoding.Decoder;
import org.kindling.spark.InputException;
import org.kindling.spark.session.GivenMemory;

/**
 * What generation needs of memory, found before it begins.
 *
 * @param weightBytes the model's P floats
 * @param decoderBytes what a task's decoder takes outside the heap
 * @param scoreBytes a task's logits, V for each slot, in the heap
 */
record DecoderMemory(long weightBytes, long decoderBytes, long scoreBytes) {

  /**
   * The needs of a model.
   *
   * @throws InputException if there can be no array of so many slots' logits
   */
  static DecoderMemory of(ModelSettings model, int slots) {
    long scores = (long) slots * model.vocabulary();
    if (scores > Integer.MAX_VALUE - 8) {
      throw new InputException(
          "--slots %d: times a vocabulary of %d it must be less than 2^31"
              .formatted(slots, model.vocabulary()));
    }
    return new DecoderMemory(
        (long) Float.BYTES * ParameterLayout.of(model).size(),
        Decoder.bytes(model, slots),
        Float.BYTES * scores);
  }

  /**
   * Compares it with what Spark was given.
   *
   * @param cores that Spark gives to tasks
   * @throws InputException naming the setting to change
   */
  void check(JavaSparkContext spark, int cores) {
    // As values, as bytes, and these twice while they become the blocks of a broadcast.
    long tasksHere = spark.isLocal() ? cores : 0;
    GivenMemory.requireOfDriver(GivenMemory.BASE_HEAP + 4 * weightBytes + tasksHere * scoreBytes);
    if (spark.isLocal()) {
      GivenMemory.requireOfMachine(
          "%d tasks at once need".formatted(cores),
          decoderBytes * cores,
          "--slots, the number of cores in --master, or --driver-memory");
    } else {
      checkExecutors(spark.getConf());
    }
  }

  /** The tasks of an executor share the weights; each has a decoder of its own. */
  void checkExecutors(SparkConf conf) {
    int tasks = conf.contains("spark.executor.cores") ? GivenMemory.tasksOfExecutor(conf) : 1;
    // As blocks of a broadcast, as the bytes that these are together, and as values.
    GivenMemory.requireOfExecutor(
        conf, "an executor", GivenMemory.BASE_HEAP + 3 * weightBytes + tasks * scoreBytes);
    GivenMemory.requireOutsideHeap(conf, "decoders", tasks, decoderBytes, ", or lower --slots");
  }
}
