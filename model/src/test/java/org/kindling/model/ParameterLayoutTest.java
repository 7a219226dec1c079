package org.kindling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kindling.model.ParameterLayout.Parameter;

class ParameterLayoutTest {
  private static ModelSettings gpt(
      int layers, int heads, int c, int t, int v, boolean bias, boolean qkvBias, boolean tied) {
    return new ModelSettings(
        ModelType.GPT, layers, heads, c, t, v, 0, bias, qkvBias, tied, Activation.GELU);
  }

  private static List<String> describe(ModelSettings settings) {
    return ParameterLayout.of(settings).parameters().stream()
        .map(parameter -> parameter.name() + " " + parameter.shape())
        .toList();
  }

  @Test
  void namesAndShapesAreGpt2s() {
    assertThat(describe(gpt(1, 2, 8, 16, 65, true, true, true)))
        .containsExactly(
            "wte.weight [65, 8]",
            "wpe.weight [16, 8]",
            "h.0.ln_1.weight [8]",
            "h.0.ln_1.bias [8]",
            "h.0.attn.c_attn.weight [24, 8]",
            "h.0.attn.c_attn.bias [24]",
            "h.0.attn.c_proj.weight [8, 8]",
            "h.0.attn.c_proj.bias [8]",
            "h.0.ln_2.weight [8]",
            "h.0.ln_2.bias [8]",
            "h.0.mlp.c_fc.weight [32, 8]",
            "h.0.mlp.c_fc.bias [32]",
            "h.0.mlp.c_proj.weight [8, 32]",
            "h.0.mlp.c_proj.bias [8]",
            "ln_f.weight [8]",
            "ln_f.bias [8]");
  }

  @Test
  void variantsAddAndLeaveOutTensors() {
    assertThat(describe(gpt(2, 2, 8, 16, 65, false, false, false)))
        .noneMatch(name -> name.contains("bias"))
        .contains("h.1.mlp.c_proj.weight [8, 32]", "lm_head.weight [65, 8]");
    assertThat(describe(gpt(1, 2, 8, 16, 65, true, false, false)))
        .contains("lm_head.bias [65]", "h.0.ln_1.bias [8]")
        .doesNotContain("h.0.attn.c_attn.bias [24]");
    assertThat(
            describe(
                new ModelSettings(
                    ModelType.BIGRAM, 0, 0, 0, 8, 65, 0, true, true, true, Activation.RELU)))
        .containsExactly("table.weight [65, 65]");
  }

  /** 124,439,808 parameters: what GPT-2 small is known for. */
  @Test
  void gpt2SmallHasItsSize() {
    assertThat(ParameterLayout.of(gpt(12, 12, 768, 1024, 50257, true, true, true)).size())
        .isEqualTo(124_439_808);
  }

  @Test
  void tensorsFollowEachOtherWithoutGaps() {
    ParameterLayout layout = ParameterLayout.of(gpt(3, 2, 8, 16, 65, true, true, false));
    int end = 0;
    for (Parameter parameter : layout.parameters()) {
      assertThat(parameter.offset()).as(parameter.name()).isEqualTo(end);
      assertThat(parameter.decays()).isEqualTo(parameter.shape().size() == 2);
      assertThat(layout.get(parameter.name())).isEqualTo(parameter);
      end += parameter.length();
    }
    assertThat(layout.size()).isEqualTo(end);
    assertThat(layout.has("h.3.ln_1.weight")).isFalse();
  }

  @Test
  void aModelBeyondTheLargestArrayIsRefused() {
    assertThatThrownBy(() -> ParameterLayout.of(gpt(100, 1, 8192, 16, 65, true, true, true)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("more than 2146435071 parameters");
    assertThatThrownBy(() -> ParameterLayout.of(gpt(1, 1, 1_000_000_000, 1, 1, true, true, true)))
        .isInstanceOf(ModelException.class);
  }
}
