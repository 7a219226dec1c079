package org.kindling.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CounterHashTest {
  /** Runs and checkpoints depend on these values; they must not change. */
  @Test
  void valuesAreFixed() {
    assertThat(CounterHash.of(0))
        .isEqualTo(0xE220A8397B1DCDAFL); // SplitMix64's first number for seed 0
    assertThat(CounterHash.of(1, 2, 3)).isEqualTo(0xD0734750FDE362B3L);
  }

  @Test
  void everyArgumentAndTheirOrderCount() {
    Set<Long> hashes = new HashSet<>();
    for (long a = -3; a < 4; a++) {
      hashes.add(CounterHash.of(a));
      for (long b = -3; b < 4; b++) {
        hashes.add(CounterHash.of(a, b));
        for (long c = -3; c < 4; c++) {
          hashes.add(CounterHash.of(a, b, c));
        }
      }
    }

    assertThat(hashes).hasSize(7 + 49 + 343);
  }

  @Test
  void oneChangedBitChangesHalfOfTheResult() {
    double changed = 0;
    for (int bit = 0; bit < 64; bit++) {
      changed += Long.bitCount(CounterHash.of(5, 42) ^ CounterHash.of(5, 42 ^ (1L << bit)));
    }

    assertThat(changed / 64).isBetween(30.0, 34.0);
  }

  @Test
  void unitNumbersLieInTheirRangeAndFillIt() {
    assertThat(CounterHash.unit(0)).isZero();
    assertThat(CounterHash.unit(-1L)).isLessThan(1).isGreaterThan(0.999_999_999);
    double sum = 0;
    for (int i = 0; i < 100_000; i++) {
      sum += CounterHash.unit(CounterHash.of(9, i));
    }
    assertThat(sum / 100_000).isBetween(0.495, 0.505);
  }
}
