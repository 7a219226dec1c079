package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChunkSamplerTest {

  @Test
  void isThePureFunctionThatOldRunsWereTrainedWith() {
    assertThat(ChunkSampler.ordinal(1337, 0, 0, 1_000_000)).isEqualTo(986963);
    assertThat(ChunkSampler.ordinal(1337, 0, 1, 1_000_000)).isEqualTo(757796);
    assertThat(ChunkSampler.ordinal(1337, 1, 0, 1_000_000)).isEqualTo(354504);
    assertThat(ChunkSampler.ordinal(-1, 1L << 40, 511, 1L << 40)).isEqualTo(997390912658L);
  }

  @Test
  void staysInItsRange() {
    for (long starts : new long[] {1, 2, 3, 1000, 1L << 31, 1L << 61}) {
      for (int i = 0; i < 2000; i++) {
        assertThat(ChunkSampler.ordinal(i, i * 7919L, i, starts)).isBetween(0L, starts - 1);
      }
    }
  }

  /** Chi-squared over 64 cells: mean 63, standard deviation 11.2; 120 is five of them away. */
  @Test
  void isUniformOverStepsSequencesAndSeeds() {
    int cells = 64;
    int draws = 64_000;
    for (int way = 0; way < 4; way++) {
      int[] counts = new int[cells];
      for (int i = 0; i < draws; i++) {
        long ordinal =
            switch (way) {
              case 0 -> ChunkSampler.ordinal(1, i, 0, cells);
              case 1 -> ChunkSampler.ordinal(1, 0, i, cells);
              case 2 -> ChunkSampler.ordinal(i, 0, 0, cells);
              default -> ChunkSampler.ordinal(1, i / 16, i % 16, cells);
            };
        counts[(int) ordinal]++;
      }
      double chiSquared = 0;
      for (int count : counts) {
        chiSquared += Math.pow(count - draws / (double) cells, 2) / (draws / (double) cells);
      }
      assertThat(chiSquared).as("way %d", way).isBetween(20.0, 120.0);
    }
  }

  @Test
  void neighbouringStepsAndSequencesDrawDifferentChunks() {
    Set<Long> drawn = new HashSet<>();
    for (int step = 0; step < 200; step++) {
      for (int sequence = 0; sequence < 200; sequence++) {
        drawn.add(ChunkSampler.ordinal(7, step, sequence, 1L << 60));
      }
    }
    assertThat(drawn).hasSize(40_000);
  }
}
