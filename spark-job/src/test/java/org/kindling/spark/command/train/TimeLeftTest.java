package org.kindling.spark.command.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeLeftTest {
  @ParameterizedTest
  @CsvSource({"1, 0, 0:00", "1, 9, 0:09", "2, 600, 5:00", "1, 3599, 59:59", "1, 3729, 1:02:09"})
  void isWhatTheRestTakesAtThisPace(long done, long left, String expected) {
    assertThat(TimeLeft.after(1_000_000_000L, done, left)).isEqualTo(", " + expected + " left");
  }
}
