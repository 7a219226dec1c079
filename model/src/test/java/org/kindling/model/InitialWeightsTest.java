package org.kindling.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.kindling.model.ParameterLayout.Parameter;

class InitialWeightsTest {
  private static ParameterLayout layout(boolean tiedHead) {
    return ParameterLayout.of(
        new ModelSettings(
            ModelType.GPT, 8, 2, 64, 32, 65, 0, true, true, tiedHead, Activation.GELU));
  }

  private static float[] tensor(ParameterLayout layout, float[] weights, String name) {
    Parameter parameter = layout.get(name);
    return Arrays.copyOfRange(weights, parameter.offset(), parameter.offset() + parameter.length());
  }

  @Test
  void matricesAreNormalAndTheResidualProjectionsSmaller() {
    ParameterLayout layout = layout(true);
    float[] weights = InitialWeights.draw(layout, 42);

    for (Parameter parameter : layout.parameters()) {
      float[] values = tensor(layout, weights, parameter.name());
      if (parameter.decays()) {
        boolean isResidual = parameter.name().endsWith("c_proj.weight");
        double deviation = isResidual ? 0.02 / Math.sqrt(16) : 0.02;
        assertNormal(parameter.name(), values, deviation);
      } else {
        assertThat(values).containsOnly(parameter.name().endsWith("weight") ? 1f : 0f);
      }
    }
  }

  /** Mean, deviation and the share beyond one deviation within five standard errors. */
  private static void assertNormal(String name, float[] values, double deviation) {
    double sum = 0;
    double squares = 0;
    double far = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
      far += Math.abs(value) > deviation ? 1 : 0;
    }
    double n = values.length;
    assertThat(sum / n / deviation)
        .as("mean of " + name)
        .isBetween(-5 / Math.sqrt(n), 5 / Math.sqrt(n));
    assertThat(Math.sqrt(squares / n) / deviation)
        .as("deviation of " + name)
        .isBetween(1 - 5 / Math.sqrt(2 * n), 1 + 5 / Math.sqrt(2 * n));
    assertThat(far / n)
        .as("tails of " + name)
        .isBetween(0.3173 - 2.33 / Math.sqrt(n), 0.3173 + 2.33 / Math.sqrt(n));
  }

  @Test
  void aSeedGivesTheSameBitsAndAnotherSeedOthers() {
    ParameterLayout layout = layout(false);
    float[] weights = InitialWeights.draw(layout, 7);

    assertThat(InitialWeights.draw(layout, 7)).isEqualTo(weights);
    assertThat(InitialWeights.draw(layout, 8)).isNotEqualTo(weights);
  }

  @Test
  void tensorsDifferByNameAndAreSharedByVariants() {
    ParameterLayout tied = layout(true);
    ParameterLayout own = layout(false);
    float[] ofTied = InitialWeights.draw(tied, 7);
    float[] ofOwn = InitialWeights.draw(own, 7);

    for (Parameter parameter : tied.parameters()) {
      assertThat(tensor(own, ofOwn, parameter.name()))
          .as(parameter.name())
          .isEqualTo(tensor(tied, ofTied, parameter.name()));
    }
    assertThat(tensor(own, ofOwn, "wte.weight")).isNotEqualTo(tensor(own, ofOwn, "lm_head.weight"));
    assertThat(tensor(own, ofOwn, "h.0.mlp.c_fc.weight"))
        .isNotEqualTo(tensor(own, ofOwn, "h.1.mlp.c_fc.weight"));
  }
}
