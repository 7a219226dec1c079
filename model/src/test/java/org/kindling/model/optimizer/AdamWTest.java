package org.kindling.model.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.kindling.model.Activation;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelException;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.ParameterLayout.Parameter;

class AdamWTest {
  private static final AdamWSettings SETTINGS = new AdamWSettings(0.9, 0.99, 1e-8, 0.1);

  /** 50,000 weights, more than one piece of work. */
  private static final ParameterLayout LAYOUT =
      ParameterLayout.of(
          new ModelSettings(ModelType.GPT, 1, 2, 64, 16, 65, 0, true, true, true, Activation.GELU));

  /** An optimizer that has not seen a gradient. */
  private static AdamW fresh() {
    return new AdamW(LAYOUT, SETTINGS, new float[LAYOUT.size()], new float[LAYOUT.size()]);
  }

  private static float[] gradients(long seed) {
    Random random = new Random(seed);
    float[] gradients = new float[LAYOUT.size()];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = (float) (100 * random.nextGaussian());
    }
    return gradients;
  }

  @Test
  void fiveStepsAreThoseOfThePaperIn64Bits() {
    float[] weights = InitialWeights.draw(LAYOUT, 1);
    double[] expected = new double[weights.length];
    double[] m = new double[weights.length];
    double[] v = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      expected[i] = weights[i];
    }
    AdamW optimizer = fresh();

    for (int step = 1; step <= 5; step++) {
      float[] gradients = gradients(step);
      double rate = 1e-3 / step;
      optimizer.step(weights, gradients, 0.01, rate, step);
      for (Parameter parameter : LAYOUT.parameters()) {
        for (int i = parameter.offset(); i < parameter.offset() + parameter.length(); i++) {
          double g = 0.01 * gradients[i];
          m[i] = 0.9 * m[i] + 0.1 * g;
          v[i] = 0.99 * v[i] + 0.01 * g * g;
          double first = m[i] / (1 - Math.pow(0.9, step));
          double second = v[i] / (1 - Math.pow(0.99, step));
          double decay = parameter.shape().size() >= 2 ? rate * 0.1 * expected[i] : 0;
          expected[i] -= decay + rate * first / (Math.sqrt(second) + 1e-8);
        }
      }
    }

    for (int i = 0; i < weights.length; i++) {
      assertThat((double) weights[i]).as("weight %d", i).isCloseTo(expected[i], within(1e-6));
      assertThat((double) optimizer.firstMoment()[i]).isCloseTo(m[i], within(1e-5));
      assertThat((double) optimizer.secondMoment()[i]).isCloseTo(v[i], within(1e-5));
    }
  }

  @Test
  void onlyTensorsOfTwoDimensionsDecay() {
    float[] weights = new float[LAYOUT.size()];
    java.util.Arrays.fill(weights, 2);

    fresh().step(weights, new float[LAYOUT.size()], 1, 0.5, 1);

    for (Parameter parameter : LAYOUT.parameters()) {
      boolean isMatrix = parameter.shape().size() == 2;
      assertThat(weights[parameter.offset()])
          .as(parameter.name())
          .isEqualTo(isMatrix ? 2 * (1 - 0.5f * 0.1f) : 2);
    }
  }

  @Test
  void theBitsDoNotDependOnTheNumberOfThreads() throws Exception {
    float[] alone = threeStepsOn(1);

    assertThat(threeStepsOn(2)).isEqualTo(alone);
    assertThat(threeStepsOn(7)).isEqualTo(alone);
  }

  private static float[] threeStepsOn(int threads) throws InterruptedException, ExecutionException {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(
              () -> {
                float[] weights = InitialWeights.draw(LAYOUT, 1);
                AdamW optimizer = fresh();
                for (int step = 1; step <= 3; step++) {
                  float[] gradients = gradients(step);
                  double clip = 1 / GlobalNorm.of(gradients);
                  optimizer.step(weights, gradients, clip, 1e-3, step);
                }
                return weights;
              })
          .get();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void keptMomentsGoOnAsIfNothingHadHappened() {
    float[] through = InitialWeights.draw(LAYOUT, 1);
    float[] resumed = through.clone();
    AdamW optimizer = fresh();
    AdamW before = fresh();
    for (int step = 1; step <= 2; step++) {
      optimizer.step(through, gradients(step), 1, 1e-3, step);
    }

    before.step(resumed, gradients(1), 1, 1e-3, 1);
    AdamW after =
        new AdamW(LAYOUT, SETTINGS, before.firstMoment().clone(), before.secondMoment().clone());
    after.step(resumed, gradients(2), 1, 1e-3, 2);

    assertThat(resumed).isEqualTo(through);
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    assertThatThrownBy(() -> new AdamWSettings(1, 0.99, 1e-8, 0))
        .isInstanceOf(ModelException.class)
        .hasMessage("train.beta1 = 1.0: must be in [0, 1)");
    assertThatThrownBy(() -> new AdamWSettings(0.9, Double.NaN, 1e-8, 0))
        .hasMessage("train.beta2 = NaN: must be in [0, 1)");
    assertThatThrownBy(() -> new AdamWSettings(0.9, 0.99, 0, 0))
        .hasMessage("train.epsilon = 0.0: must be above 0 as a 32-bit float, and finite");
    assertThatThrownBy(() -> new AdamWSettings(0.9, 0.99, 1e-8, -1))
        .hasMessage("train.weight-decay = -1.0: must be at least 0 and finite");
  }
}
