package org.kindling.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;

class KernelChooserTest {
  private static ModelSettings model(ModelType type, Activation activation) {
    return new ModelSettings(type, 1, 1, 4, 8, 5, 0, false, false, true, activation);
  }

  @Test
  void zerosAreSkippedWhereReluMakesThem() {
    ModelSettings relu = model(ModelType.GPT, Activation.RELU);
    ModelSettings gelu = model(ModelType.GPT, Activation.GELU);
    ModelSettings table = model(ModelType.BIGRAM, Activation.RELU);
    assertThat(KernelChooser.skipsZeros(KernelChoice.AUTO, relu)).isTrue();
    assertThat(KernelChooser.skipsZeros(KernelChoice.ONEDNN, relu)).isTrue();
    assertThat(KernelChooser.skipsZeros(KernelChoice.ND4J, relu)).isFalse();
    assertThat(KernelChooser.skipsZeros(KernelChoice.AUTO, gelu)).isFalse();
    assertThat(KernelChooser.skipsZeros(KernelChoice.AUTO, table)).isFalse();
  }
}
