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
    assertThat(KernelChooser.skipsZeros(relu, true)).isTrue();
    assertThat(KernelChooser.skipsZeros(relu, false)).isFalse();
    assertThat(KernelChooser.skipsZeros(model(ModelType.GPT, Activation.GELU), true)).isFalse();
    assertThat(KernelChooser.skipsZeros(model(ModelType.BIGRAM, Activation.RELU), true)).isFalse();
  }

  @Test
  void saysSo() {
    try (Kernels dense = KernelChooser.make(KernelChoice.ONEDNN);
        Kernels skipping = KernelChooser.make(KernelChoice.ONEDNN, true)) {
      assertThat(dense.describe()).matches("oneDNN 3\\.\\d+\\.\\d+");
      assertThat(skipping.describe())
          .isEqualTo(dense.describe() + ", skipping ReLU's zeros where that is faster");
    }
  }
}
