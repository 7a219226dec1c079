package org.kindling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSettingsTest {
  private static ModelSettings gpt(
      int layers, int heads, int embedding, int context, int vocabulary, double dropout) {
    return new ModelSettings(
        ModelType.GPT,
        layers,
        heads,
        embedding,
        context,
        vocabulary,
        dropout,
        true,
        true,
        true,
        Activation.GELU);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, 8, 4, 5, 0, 'model.layers = 0: must be at least 1'",
    "1, 0, 8, 4, 5, 0, 'model.heads = 0: must be at least 1'",
    "1, 2, -8, 4, 5, 0, 'model.embedding = -8: must be at least 1'",
    "1, 2, 8, 0, 5, 0, 'model.context = 0: must be at least 1'",
    "1, 2, 8, 4, 0, 0, 'vocabulary = 0: must be at least 1'",
    "1, 3, 8, 4, 5, 0, 'model.embedding = 8: must be a multiple of model.heads = 3'",
    "1, 2, 8, 4, 5, 1, 'model.dropout = 1.0: must be in [0, 1)'",
    "1, 2, 8, 4, 5, -0.1, 'model.dropout = -0.1: must be in [0, 1)'",
    "1, 2, 8, 4, 5, NaN, 'model.dropout = NaN: must be in [0, 1)'"
  })
  void aSettingOutOfRangeIsNamedWithItsRule(
      int layers, int heads, int c, int context, int v, double dropout, String message) {
    assertThatThrownBy(() -> gpt(layers, heads, c, context, v, dropout))
        .isInstanceOf(ModelException.class)
        .hasMessage(message);
  }

  @Test
  void aTableOfPairsMustFitOneArray() {
    assertThat(gpt(1, 2, 8, 4, 30_000, 0).vocabulary()).isEqualTo(30_000);
    assertThatThrownBy(
            () ->
                new ModelSettings(
                    ModelType.BIGRAM, 1, 2, 8, 4, 30_000, 0, true, true, true, Activation.GELU))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "model.type = bigram: its table of 30000 by 30000 tokens must have less than 2^29 values");
  }

  @Test
  void aHeadGetsItsShareOfTheEmbedding() {
    assertThat(gpt(1, 4, 384, 8, 65, 0.2).headSize()).isEqualTo(96);
  }

  @Test
  void namesInSettingsFilesComeBack() {
    for (Activation activation : Activation.values()) {
      assertThat(Activation.fromName(activation.settingName())).isEqualTo(activation);
    }
    for (ModelType type : ModelType.values()) {
      assertThat(ModelType.fromName(type.settingName())).isEqualTo(type);
    }
    assertThat(Activation.GELU_TANH.settingName()).isEqualTo("gelu-tanh");
  }

  @Test
  void unknownNamesAreAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> Activation.fromName("swish"))
        .isInstanceOf(ModelException.class)
        .hasMessage("model.activation = swish: must be one of relu, gelu, gelu-tanh");
    assertThatThrownBy(() -> ModelType.fromName("GPT"))
        .hasMessage("model.type = GPT: must be one of bigram, gpt");
  }
}
