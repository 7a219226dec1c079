package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.InputException;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.SettingsReader;

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
    assertThat(needs.replicaBytes()).isBetween(2 * needs.vectorBytes(), 200 * MIB);
    assertThatCode(() -> needs.check(spark, 2)).doesNotThrowAnyException();
  }

  @Test
  void moreSequencesAtOnceNeedMore() {
    assertThat(needs("train.micro-batch=16").replicaBytes())
        .isGreaterThan(needs("train.micro-batch=1").replicaBytes());
  }

  /** On two slots: weights, two moments, and two vectors for each task, besides 200 MiB. */
  @Test
  void tooSmallAHeapIsRefusedWithTheOptionToRaise() {
    long heap = Runtime.getRuntime().maxMemory() / MIB;
    long needed = 200 + 7 * heap;
    MemoryNeeds needs = new MemoryNeeds(heap * MIB, 1, 4);

    assertThatThrownBy(() -> needs.check(spark, 2))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "this model needs about %d MiB of heap on the driver, which has %d:"
                    .formatted(needed, heap)
                + " set --driver-memory %dm".formatted(needed * 5 / 4));
  }

  @Test
  void tooSmallAMachineIsRefusedWithWhatToLower() {
    MemoryNeeds needs = new MemoryNeeds(4, 1L << 50, 4);

    assertThatThrownBy(() -> needs.check(spark, 2))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("the replicas need about 2147483648 MiB outside a heap of ")
        .hasMessageEndingWith(
            "lower train.micro-batch, the number of cores in --master, or --driver-memory");
  }

  private static ModelSettings model() {
    return SettingsReader.defaults().model().withVocabulary(65);
  }

  private static MemoryNeeds needs(String... overrides) {
    Settings settings = SettingsReader.read(Optional.empty(), List.of(overrides)).withShards(2);
    return MemoryNeeds.of(settings.train(), model());
  }
}
