package org.kindling.model.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

  /** What nanoGPT's get_lr gives for its CPU settings. */
  @ParameterizedTest(name = "step {0}")
  @CsvSource({
    "0, 9.900990099009901e-06",
    "50, 5.04950495049505e-04",
    "99, 9.900990099009901e-04",
    "100, 1e-3",
    "575, 8.681980515339464e-04",
    "1050, 5.5e-4",
    "1525, 2.318019484660537e-04",
    "2000, 1e-4",
    "5000, 1e-4"
  })
  void cosineIsNanoGpts(long step, double rate) {
    Schedule schedule = new Schedule.Cosine(1e-3, 1e-4, 100, 2000);

    assertThat(schedule.at(step)).isCloseTo(rate, within(1e-15));
  }

  @ParameterizedTest(name = "step {0}")
  @CsvSource({"0, 0.01", "98, 0.99", "99, 1", "149, 0.75", "199, 0.5", "300, 0.5"})
  void linearRisesAndFallsInStraightLines(long step, double rate) {
    Schedule schedule = new Schedule.Linear(1, 0.5, 99, 199);

    assertThat(schedule.at(step)).isCloseTo(rate, within(1e-12));
  }

  @Test
  void constantStaysAfterItsWarmUp() {
    Schedule schedule = new Schedule.Constant(0.3, 2);

    assertThat(schedule.at(0)).isCloseTo(0.1, within(1e-15));
    assertThat(schedule.at(1)).isCloseTo(0.2, within(1e-15));
    assertThat(schedule.at(2)).isEqualTo(0.3);
    assertThat(schedule.at(1_000_000)).isEqualTo(0.3);
  }

  @Test
  void aRunOfWarmUpOnlyIsAllowed() {
    Schedule schedule = new Schedule.Cosine(1, 0, 10, 10);

    assertThat(schedule.at(9)).isCloseTo(10 / 11.0, within(1e-15));
    assertThat(schedule.at(11)).isZero();
  }
}
