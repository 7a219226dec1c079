package org.kindling.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {

  @Test
  void ticksAreRoundNumbersAroundTheValues() {
    assertThat(labels(Axis.around(1.46, 4.2, 6)))
        .containsExactly("1.0", "1.5", "2.0", "2.5", "3.0", "3.5", "4.0", "4.5");
    assertThat(labels(Axis.around(0, 61_250, 4)))
        .containsExactly("0", "20,000", "40,000", "60,000", "80,000");
    assertThat(labels(Axis.around(0, 1e-3, 4)))
        .containsExactly("0", "0.0002", "0.0004", "0.0006", "0.0008", "0.0010");
    assertThat(labels(Axis.around(0, 3e-6, 4))).containsExactly("0", "1e-6", "2e-6", "3e-6");
    assertThat(labels(Axis.upTo(2000, 4))).containsExactly("0", "500", "1,000", "1,500", "2,000");
    assertThat(labels(Axis.upTo(1730, 4))).containsExactly("0", "500", "1,000", "1,500");
  }

  @Test
  void aConstantHasAnAxisToo() {
    for (double value : new double[] {0, 1, 0.3, -2, 1e-3, 12_345}) {
      Axis axis = Axis.around(value, value, 4);

      assertThat(axis.low()).isLessThan(axis.high());
      assertThat(axis.place(value)).isBetween(0.0, 1.0).isNotNaN();
      assertThat(axis.ticks()).hasSizeBetween(2, 12);
    }
  }

  @Test
  void valuesBeyondTheEndsStayOnThem() {
    Axis axis = new Axis(0, 10, 5);

    assertThat(axis.place(5)).isEqualTo(0.5);
    assertThat(axis.place(1e9)).isEqualTo(1);
    assertThat(axis.place(-1)).isEqualTo(0);
  }

  private static List<String> labels(Axis axis) {
    return Arrays.stream(axis.ticks()).mapToObj(axis::label).toList();
  }
}
