package org.kindling.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.spark.InputException;

class TrainSettingsTest {

  @ParameterizedTest
  @CsvSource({"12,1,1", "12,2,2", "12,3,2", "12,4,4", "12,64,4", "7,8,1", "64,48,32"})
  void shardsAreTheLargestPowerOfTwoThatFitsBatchAndSlots(int batch, int slots, int shards) {
    assertThat(train("train.batch-size=" + batch).shardsFor(slots)).isEqualTo(shards);
  }

  @Test
  void shardsThatWereSetStay() {
    assertThat(train("train.batch-size=12", "train.shards=4").shardsFor(1)).isEqualTo(4);
    assertThat(SettingsReader.defaults().withShards(8).train().shardsFor(1)).isEqualTo(8);
  }

  @Test
  void aMicroBatchDividesAShardsShare() {
    assertThat(train("train.batch-size=12").microBatchFor(2, gpt(64))).isEqualTo(6);
    assertThat(train("train.batch-size=64").microBatchFor(2, gpt(256))).isEqualTo(2);
    assertThat(train("train.batch-size=10").microBatchFor(1, gpt(100))).isEqualTo(5);
    assertThat(train("train.batch-size=4").microBatchFor(1, gpt(4096))).isEqualTo(1);
    assertThat(train("train.batch-size=12", "train.micro-batch=3").microBatchFor(2, gpt(64)))
        .isEqualTo(3);
    ModelSettings relu = gpt(256, Activation.RELU);
    assertThat(train("train.batch-size=64").microBatchFor(2, relu)).isEqualTo(4);
    assertThat(train("train.batch-size=64", "train.skip-zeros=false").microBatchFor(2, relu))
        .isEqualTo(2);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () -> train("train.batch-size=12", "train.micro-batch=5").microBatchFor(2, gpt(64)))
        .withMessage(
            "train.micro-batch = 5:"
                + " must divide a shard's share of the batch, which is 12 / 2 = 6");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> train("train.batch-size=12", "train.micro-batch=12", "train.shards=2"))
        .withMessageStartingWith("train.micro-batch = 12: must divide");
  }

  private static ModelSettings gpt(int context) {
    return gpt(context, Activation.GELU);
  }

  private static ModelSettings gpt(int context, Activation activation) {
    return new ModelSettings(ModelType.GPT, 1, 1, 4, context, 5, 0, false, false, true, activation);
  }

  private static TrainSettings train(String... overrides) {
    return SettingsReader.read(Optional.empty(), List.of(overrides)).train();
  }
}
