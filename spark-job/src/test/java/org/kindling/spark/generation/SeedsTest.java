package org.kindling.spark.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedsTest {

  @Test
  void aRowsSeedGivenAsTheJobsIsUsedAsItIs() {
    for (long job = -100; job < 100; job++) {
      for (int sample = 0; sample < 5; sample++) {
        long seed = Seeds.of(job, "To be, or", sample);

        assertThat(seed).isBetween(0L, 1L << 53);
        assertThat(Seeds.of(seed, "To be, or", 0)).isEqualTo(seed);
      }
    }
  }

  @Test
  void seedsDifferByJobPromptAndSample() {
    Set<Long> seeds = new HashSet<>();
    for (long job = 0; job < 30; job++) {
      for (int prompt = 0; prompt < 30; prompt++) {
        for (int sample = 0; sample < 30; sample++) {
          seeds.add(Seeds.of(job, "prompt " + prompt, sample));
        }
      }
    }
    assertThat(seeds).hasSize(30 * 30 * 30);
  }

  /** What an output says today, it must say in the next version. */
  @Test
  void seedsStayWhatTheyAre() {
    assertThat(Seeds.of(1337, "ROMEO:", 0)).isEqualTo(4928345063206669L);
    assertThat(Seeds.of(1337, "ROMEO:", 1)).isEqualTo(803742577311874L);
  }
}
