package org.kindling.model.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GlobalNormTest {
  @Test
  void isTheRootOfTheSumOfSquares() {
    assertThat(GlobalNorm.of(new float[] {3, 4})).isEqualTo(5);
    assertThat(GlobalNorm.of(new float[0])).isZero();
  }

  /** One value more than some whole pieces; a sum in 32 bits would lose digits. */
  @Test
  void holdsForLongVectors() {
    float[] gradient = new float[3 * (1 << 15) + 1];
    Arrays.fill(gradient, 0.1f);

    assertThat(GlobalNorm.of(gradient)).isCloseTo(0.1f * Math.sqrt(gradient.length), within(1e-9));
  }

  @Test
  void largeValuesDoNotOverflow() {
    assertThat(GlobalNorm.of(new float[] {3e38f, 0})).isCloseTo(3e38, within(1e31));
  }

  @Test
  void brokenGradientsShow() {
    assertThat(GlobalNorm.of(new float[] {1, Float.NaN})).isNaN();
    assertThat(GlobalNorm.of(new float[] {1, Float.NEGATIVE_INFINITY})).isInfinite();
  }
}
