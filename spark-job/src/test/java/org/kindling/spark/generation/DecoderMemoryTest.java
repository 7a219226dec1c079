package org.kindling.spark.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.InputException;

class DecoderMemoryTest {
  private static final long MIB = 1 << 20;
  private static final DecoderMemory LARGE = new DecoderMemory(500 * MIB, 1000 * MIB);

  @Test
  void aDecodersMemoryGrowsWithItsSlots() {
    ModelSettings model = RandomModel.ofCharacters().weights().state().model();

    DecoderMemory one = DecoderMemory.of(model, 1);
    DecoderMemory many = DecoderMemory.of(model, 33);

    assertThat(one.weightBytes()).isEqualTo(4L * ParameterLayout.of(model).size());
    // Keys and values of 64 positions, which 24 are rounded up to, and a gap behind the keys.
    assertThat(many.decoderBytes() - one.decoderBytes())
        .isEqualTo(32L * model.layers() * model.embedding() * (64 + 64 + 16) * Float.BYTES);
  }

  @Test
  void aMachineThatIsTooSmallIsRefused() {
    LARGE.checkPhysical(2, 1000 * MIB, 3000 * MIB);
    assertThatThrownBy(() -> LARGE.checkPhysical(3, 1000 * MIB, 3999 * MIB))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "3 tasks at once need about 3000 MiB outside a heap of 1000 MiB, and the machine has 3999 MiB: lower --slots, the number of cores in --master, or --driver-memory");
  }

  @Test
  void executorsThatWouldBeEndedAreRefused() {
    SparkConf conf =
        new SparkConf(false).set("spark.master", "yarn").set("spark.executor.cores", "2");
    conf.set("spark.executor.memoryOverhead", "2300m");
    LARGE.checkOverhead(conf);
    conf.set("spark.executor.memoryOverhead", "2200m");
    assertThatThrownBy(() -> LARGE.checkOverhead(conf))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("set --conf spark.executor.memoryOverhead=2812m, or lower --slots");
    LARGE.checkOverhead(conf.set("spark.master", "spark://host:7077")); // which does not look
  }
}
