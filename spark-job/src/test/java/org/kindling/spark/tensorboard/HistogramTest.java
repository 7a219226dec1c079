package org.kindling.spark.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
  /** {@code values[1..5]} = 0, 1, 2, 3, 3: from 0 to 3, so the first of each tenth but the ends. */
  @Test
  void countsASliceOfAVector() {
    Histogram histogram = Histogram.of(new float[] {-9, 0, 1, 2, 3, 3, 9}, 1, 6);

    assertThat(histogram.min()).isZero();
    assertThat(histogram.max()).isEqualTo(3);
    assertThat(histogram.count()).isEqualTo(5);
    assertThat(histogram.sum()).isEqualTo(9);
    assertThat(histogram.sumOfSquares()).isEqualTo(23);
    assertThat(histogram.limits()).hasSize(30).endsWith(3);
    assertThat(histogram.limits()[0]).isCloseTo(0.1, within(1e-12));
    double[] expected = new double[30];
    expected[0] = expected[10] = expected[20] = 1;
    expected[29] = 2;
    assertThat(histogram.counts()).containsExactly(expected);
  }

  @Test
  void everyValueIsInTheBucketWhoseEndsAreAroundIt() {
    Random random = new Random(7);
    float[] values = new float[5000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 0.02f;
    }

    Histogram histogram = Histogram.of(values, 0, values.length);

    double low = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < histogram.limits().length; i++) {
      double from = low;
      double to = histogram.limits()[i];
      boolean last = i == histogram.limits().length - 1;
      int inside = 0;
      for (float value : values) {
        inside += value >= from && (value < to || last) ? 1 : 0;
      }
      assertThat(histogram.counts()[i]).as("bucket %d", i).isEqualTo(inside);
      low = to;
    }
    assertThat(histogram.count()).isEqualTo(5000);
  }

  /** Gains before training. */
  @Test
  void equalValuesAreOneNarrowBucket() {
    float[] ones = new float[12];
    Arrays.fill(ones, 1);

    Histogram histogram = Histogram.of(ones, 0, 12);

    assertThat(histogram.min()).isEqualTo(0.99);
    assertThat(histogram.max()).isEqualTo(1.01);
    assertThat(histogram.limits()).containsExactly(1.01);
    assertThat(histogram.counts()).containsExactly(12);
  }
}
