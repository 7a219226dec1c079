package org.kindling.spark.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.InputException;

class DecoderMemoryTest {
  private static final long MIB = 1 << 20;
  private static final DecoderMemory LARGE = new DecoderMemory(500 * MIB, 1000 * MIB, 0);

  @Test
  void aDecodersMemoryGrowsWithItsSlots() {
    ModelSettings model = RandomModel.ofCharacters().weights().state().model();

    DecoderMemory one = DecoderMemory.of(model, 1);
    DecoderMemory many = DecoderMemory.of(model, 33);

    assertThat(one.weightBytes()).isEqualTo(4L * ParameterLayout.of(model).size());
    // Keys and values of 64 positions, which 24 are rounded up to.
    assertThat(many.decoderBytes() - one.decoderBytes())
        .isEqualTo(32L * model.layers() * model.embedding() * (64 + 64) * Float.BYTES);
  }

  @Test
  void aMachineThatIsTooSmallIsRefused() {
    try (JavaSparkContext spark =
        new JavaSparkContext(
            new SparkConf(false)
                .setMaster("local[2]")
                .setAppName("memory")
                .set("spark.ui.enabled", "false"))) {
      new DecoderMemory(MIB, MIB, MIB).check(spark, 2);
      assertThatThrownBy(() -> new DecoderMemory(MIB, 1 << 30, 0).check(spark, 1 << 20))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith(
              "1048576 tasks at once need about 1073741824 MiB outside a heap of ")
          .hasMessageEndingWith(
              " MiB: lower --slots, the number of cores in --master, or --driver-memory");
    }
  }

  @Test
  void logitsOfMoreSlotsThanAHeapHoldsAreRefused() {
    ModelSettings model = RandomModel.ofCharacters().weights().state().model();
    int slots = Integer.MAX_VALUE / model.vocabulary();

    assertThat(DecoderMemory.of(model, slots - 9).scoreBytes())
        .isEqualTo(4L * (slots - 9) * model.vocabulary());
    assertThatThrownBy(() -> DecoderMemory.of(model, slots + 1))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--slots %d: times a vocabulary of %d it must be less than 2^31"
                .formatted(slots + 1, model.vocabulary()));
    assertThatThrownBy(
            () ->
                new DecoderMemory(0, 0, 1000 * MIB)
                    .checkExecutors(new SparkConf(false).set("spark.executor.memory", "1g")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("needs about 1200 MiB of heap on an executor, which has 1024");
  }

  /** The weights three times, and 200 MiB. */
  @Test
  void executorsWithTooSmallAHeapAreRefused() {
    SparkConf conf = new SparkConf(false).set("spark.executor.memory", "1699m");
    assertThatThrownBy(() -> LARGE.checkExecutors(conf))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "this model needs about 1700 MiB of heap on an executor, which has 1699: set --conf spark.executor.memory=2125m");
    LARGE.checkExecutors(conf.set("spark.executor.memory", "1700m"));
    LARGE.checkExecutors(conf.set("spark.executor.memory", "1700")); // as Spark reads it
  }

  @Test
  void executorsThatWouldBeEndedAreRefused() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "yarn")
            .set("spark.executor.cores", "2")
            .set("spark.executor.memory", "2g");
    conf.set("spark.executor.memoryOverhead", "2300m");
    LARGE.checkExecutors(conf);
    conf.set("spark.executor.memoryOverhead", "2200m");
    assertThatThrownBy(() -> LARGE.checkExecutors(conf))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the decoders of an executor's 2 tasks need about 2250 MiB outside its heap, and spark.executor.memoryOverhead is 2200: set --conf spark.executor.memoryOverhead=2812m, or lower --slots");
    LARGE.checkExecutors(conf.set("spark.master", "spark://host:7077")); // which does not look
  }
}
