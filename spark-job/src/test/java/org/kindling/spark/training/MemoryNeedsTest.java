package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.Replica;
import org.kindling.spark.InputException;
import org.kindling.spark.settings.ReductionType;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.SettingsReader;
import org.kindling.spark.settings.WireType;

class MemoryNeedsTest {
  private static final long MIB = 1 << 20;
  private static JavaSparkContext spark;

  @BeforeAll
  static void startSpark() {
    spark = SmallRun.spark("local[2]");
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @Test
  void aModelThatFitsPasses() {
    MemoryNeeds needs = needs();

    assertThat(needs.shards()).isEqualTo(2);
    assertThat(needs.vectorBytes()).isEqualTo(4L * ParameterLayout.of(model()).size());
    assertThatCode(() -> needs.check(spark, 2)).doesNotThrowAnyException();
  }

  @Test
  void aReplicaIsMadeForAMicroBatch() {
    for (int sequences : new int[] {1, 16}) {
      assertThat(needs("train.micro-batch=" + sequences).replicaBytes())
          .isEqualTo(Replica.bytes(model(), sequences));
    }
  }

  /** On two slots: weights and two moments twice, two vectors for each task, and 200 MiB. */
  @Test
  void tooSmallAHeapIsRefusedWithTheOptionToRaise() {
    long heap = Runtime.getRuntime().maxMemory() / MIB;
    long needed = 200 + 10 * heap;
    MemoryNeeds needs = needs(heap * MIB, 1);

    assertThatThrownBy(() -> needs.check(spark, 2))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "this model needs about %d MiB of heap on the driver, which has %d:"
                    .formatted(needed, heap)
                + " set --driver-memory %dm".formatted(needed * 5 / 4));
  }

  @Test
  void tooSmallAMachineIsRefusedWithWhatToLower() {
    MemoryNeeds needs = needs(4, 1L << 50);

    assertThatThrownBy(() -> needs.check(spark, 2))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the replicas need about 2147483648 MiB outside a heap of ")
        .hasMessageEndingWith(
            "lower train.micro-batch, the number of cores in --master, or --driver-memory");
  }

  /** The weights, two vectors for each of two tasks, and 200 MiB. */
  @Test
  void tooSmallAnExecutorIsRefusedWithTheOptionToRaise() {
    MemoryNeeds needs = needs(ReductionType.COLLECT, 4, WireType.F32);
    SparkConf conf = new SparkConf(false).set("spark.executor.memory", "699m");

    assertThatThrownBy(() -> needs.checkExecutors(conf, 2, 4))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "this model needs about 700 MiB of heap on an executor with 2 tasks, which has 699:"
                + " set --conf spark.executor.memory=875m");
    conf.set("spark.executor.memory", "700m");
    assertThatCode(() -> needs.checkExecutors(conf, 2, 4)).doesNotThrowAnyException();
  }

  /** Vectors of 100 MiB, and 200 MiB besides. */
  @Test
  void anExecutorsNeedsFollowShardsWireAndReduction() {
    assertThat(executorMiB(needs(ReductionType.SHUFFLE, 4, WireType.F32), 1, 4)).isEqualTo(500);
    // Eight shards in the tree: partial sums of four, two and one, and the eighth gradient.
    assertThat(executorMiB(needs(ReductionType.COLLECT, 16, WireType.F32), 1, 2)).isEqualTo(800);
    // Each of eight shards' gradients, and half as many bytes of them, and of weights.
    assertThat(executorMiB(needs(ReductionType.COLLECT, 16, WireType.BF16), 1, 2)).isEqualTo(1450);
    assertThat(executorMiB(needs(ReductionType.SHUFFLE, 16, WireType.BF16), 1, 2)).isEqualTo(1450);
  }

  private static long executorMiB(MemoryNeeds needs, int here, int tasks) {
    SparkConf conf = new SparkConf(false).set("spark.executor.memory", "1m");
    String message =
        catchThrowableOfType(InputException.class, () -> needs.checkExecutors(conf, here, tasks))
            .getMessage();
    return Long.parseLong(message.replaceFirst("this model needs about (\\d+) MiB.*", "$1"));
  }

  @Test
  void memoryOutsideTheHeapIsLookedAtWhereExceedingItIsFatal() {
    MemoryNeeds needs = needs(MIB, 300 * MIB);
    SparkConf conf = new SparkConf(false).set("spark.master", "yarn");

    assertThatThrownBy(() -> needs.checkExecutors(conf, 2, 4))
        .hasMessage(
            "the replicas of an executor's 2 tasks need about 850 MiB outside its heap, and"
                + " spark.executor.memoryOverhead is 384: set --conf"
                + " spark.executor.memoryOverhead=1062m");
    conf.set("spark.executor.memoryOverhead", "850");
    assertThatCode(() -> needs.checkExecutors(conf, 2, 4)).doesNotThrowAnyException();
    conf.remove("spark.executor.memoryOverhead").set("spark.master", "spark://host:7077");
    assertThatCode(() -> needs.checkExecutors(conf, 2, 4)).doesNotThrowAnyException();
  }

  /** Two tasks' gradients are collected; of four, sums of slices arrive. */
  @Test
  void manyTasksSendOneVector() {
    MemoryNeeds needs = needs(600 * MIB, 1);

    assertThat(needs.received(2)).isEqualTo(2);
    assertThat(needs.received(4)).isEqualTo(1);
  }

  /** Half the bytes, but not of a task's sum. */
  @Test
  void roundedGradientsOfAllShardsArriveWhereTheDriverAdds() {
    assertThat(needs(ReductionType.COLLECT, 32, WireType.BF16).received(2)).isEqualTo(32);
    assertThat(needs(ReductionType.AUTO, 32, WireType.BF16).received(2)).isEqualTo(1);
  }

  private static MemoryNeeds needs(long vectorBytes, long replicaBytes) {
    return new MemoryNeeds(vectorBytes, replicaBytes, 0, 4, WireType.F32, ReductionType.AUTO);
  }

  private static MemoryNeeds needs(ReductionType reduction, int shards, WireType wire) {
    return new MemoryNeeds(100 * MIB, 300 * MIB, 0, shards, wire, reduction);
  }

  private static ModelSettings model() {
    return SettingsReader.defaults().model().withVocabulary(65);
  }

  private static MemoryNeeds needs(String... overrides) {
    Settings settings = SettingsReader.read(Optional.empty(), List.of(overrides)).withShards(2);
    return MemoryNeeds.of(settings.train(), model());
  }
}
