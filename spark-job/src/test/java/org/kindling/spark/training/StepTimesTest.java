package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.kindling.spark.run.Metrics;

class StepTimesTest {

  @Test
  void aLineHasMeansOverTheStepsSinceTheLastOne() {
    StepTimes times = new StepTimes();
    times.add(step(100, 1, 6, 2, 40), 10, 1);
    times.add(step(100, 3, 8, 4, 60), 30, 3);

    assertThat(times.tokensPerSecond()).isEqualTo(200 / 0.040);
    assertThat(times.line(2, 1.5, null, 1e-3, 0.7))
        .isEqualTo(new Metrics(2, 1.5, null, 1e-3, 0.7, 5000, 20, 2, 7, 3, 2, 50));
  }

  @Test
  void theNextLineStartsFromZero() {
    StepTimes times = new StepTimes();
    times.add(step(100, 9, 9, 9, 9), 90, 9);
    times.line(1, 2, 1.9, 1e-3, 1);

    times.add(step(10, 1, 2, 3, 4), 5, 6);

    assertThat(times.line(2, 1, 1.1, 1e-4, 2))
        .isEqualTo(new Metrics(2, 1, 1.1, 1e-4, 2, 2000, 5, 1, 2, 3, 6, 4));
  }

  private static GradientJob.Result step(
      long tokens, double weights, double compute, double reduce, long bytes) {
    return new GradientJob.Result(new float[0], 0, tokens, weights, compute, reduce, bytes);
  }
}
