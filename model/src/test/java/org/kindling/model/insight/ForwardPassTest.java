package org.kindling.model.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.kindling.model.Activation;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.Replica;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.OneDnnKernels;

class ForwardPassTest {
  private static final int V = 13;
  private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2};

  private static ModelSettings settings(ModelType type) {
    return new ModelSettings(type, 2, 2, 8, 16, V, 0.2, true, false, true, Activation.GELU);
  }

  private static ForwardPass pass(ModelSettings settings) {
    float[] weights = InitialWeights.draw(ParameterLayout.of(settings), 7);
    return ForwardPass.of(settings, weights, IDS, KernelChoice.ONEDNN);
  }

  @ParameterizedTest
  @EnumSource
  void probabilitiesAndLossesAreThoseOfTheReplica(ModelType type) {
    ModelSettings settings = settings(type);
    ForwardPass pass = pass(settings);
    int[] targets = {1, 4, 1, 5, 9, 2, 6};
    double[] loss = new double[1];
    try (Replica replica = new Replica(settings, 1, new OneDnnKernels())) {
      replica.load(InitialWeights.draw(ParameterLayout.of(settings), 7));
      int[] inputs = java.util.Arrays.copyOf(IDS, 16);
      int[] expected = java.util.Arrays.copyOf(targets, 16);
      java.util.Arrays.fill(expected, IDS.length, 16, -1);
      replica.losses(inputs, expected, loss);
    }

    double sum = 0;
    for (int t = 0; t < IDS.length; t++) {
      sum += pass.loss(t, targets[t]);
      assertThat(
              pass.likeliest(t, V).stream().mapToDouble(ForwardPass.Candidate::probability).sum())
          .isCloseTo(1, within(1e-9));
    }
    assertThat(sum).isCloseTo(loss[0], within(1e-4));
    assertThat(pass.attention()).hasSize(type == ModelType.GPT ? 2 : 0);
  }

  @Test
  void candidatesComeBestFirstAndEqualOnesById() {
    ForwardPass pass =
        new ForwardPass(new int[] {0}, new float[][] {{1, 3, 1000, 3}}, java.util.List.of());

    assertThat(pass.likeliest(0, 3)).extracting(ForwardPass.Candidate::id).containsExactly(2, 1, 3);
    assertThat(pass.likeliest(0, 1).get(0).probability()).isEqualTo(1);
    assertThat(pass.loss(0, 0)).isEqualTo(999);
  }

  @Test
  void stagesNameEveryParameterOnce() {
    for (ModelType type : ModelType.values()) {
      ModelSettings settings = settings(type);
      assertThat(Stage.of(settings, 7).stream().mapToLong(Stage::parameters).sum())
          .isEqualTo(ParameterLayout.of(settings).size());
    }
    assertThat(Stage.of(settings(ModelType.GPT), 7))
        .filteredOn(stage -> stage.name().equals("h.1.attn.softmax"))
        .singleElement()
        .satisfies(stage -> assertThat(stage.shape()).containsExactly(2, 7, 7));
  }

  @Test
  void moreTokensThanTheContextAreADefect() {
    ModelSettings settings = settings(ModelType.GPT);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ForwardPass.of(
                    settings,
                    new float[ParameterLayout.of(settings).size()],
                    new int[17],
                    KernelChoice.ND4J));
  }
}
