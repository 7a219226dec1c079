package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.spark.InputException;

class AttentionCommandTest {
  private static ModelSettings model(int layers, int heads, int context) {
    return new ModelSettings(
        ModelType.GPT,
        layers,
        heads,
        64 * heads,
        context,
        65,
        0,
        true,
        true,
        true,
        Activation.GELU);
  }

  /** Before anything is computed; the lecture's largest model has a page for all its context. */
  @Test
  void aPageThatNoBrowserOpensIsRefusedWithTheLengthThatItWouldOpen() {
    assertThatThrownBy(() -> AttentionCommand.refuseTooLarge(model(12, 12, 1024), 1024))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "1024 tokens in 144 heads are more than a page can show: shorten the prompt to 333 tokens");
    assertThatCode(() -> AttentionCommand.refuseTooLarge(model(12, 12, 1024), 333))
        .doesNotThrowAnyException();
    assertThatCode(() -> AttentionCommand.refuseTooLarge(model(6, 6, 256), 256))
        .doesNotThrowAnyException();
  }
}
