package org.kindling.spark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairwiseSumTest {
  /** Longer than the pieces that a parallel addition works on, and no multiple of them. */
  private static final int LENGTH = (1 << 16) + 3;

  /**
   * Eight shards in tasks of one, two, four or eight: the driver adds what the tasks have added.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void theSumHasTheSameBitsHoweverShardsAreGroupedIntoTasks(int block) {
    List<float[]> gradients = randomVectors(8);
    float[] expected = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      expected[i] =
          ((at(gradients, 0, i) + at(gradients, 1, i))
                  + (at(gradients, 2, i) + at(gradients, 3, i)))
              + ((at(gradients, 4, i) + at(gradients, 5, i))
                  + (at(gradients, 6, i) + at(gradients, 7, i)));
    }

    PairwiseSum driver = new PairwiseSum(released -> {}, true);
    for (int first = 0; first < 8; first += block) {
      PairwiseSum task = new PairwiseSum(released -> {}, false);
      gradients.subList(first, first + block).forEach(gradient -> task.add(gradient.clone()));
      driver.add(task.result());
    }

    assertThat(driver.result()).containsExactly(expected);
  }

  @Test
  void theOrderIsPartOfTheResult() {
    // A float has 24 bits: 2^24 + 1 is 2^24 again, but 2^24 + (1 + 1) is not.
    float[] values = {1 << 24, 0, 1, 1};
    PairwiseSum sum = new PairwiseSum(released -> {}, false);
    float oneAfterTheOther = 0;
    for (float value : values) {
      sum.add(new float[] {value});
      oneAfterTheOther += value;
    }

    assertThat(oneAfterTheOther).isEqualTo(1 << 24);
    assertThat(sum.result()).containsExactly((1 << 24) + 2);
  }

  @Test
  void whatWentIntoAnotherVectorIsReleasedAtOnce() {
    List<float[]> released = new ArrayList<>();
    PairwiseSum sum = new PairwiseSum(released::add, false);
    List<float[]> vectors = randomVectors(4);

    sum.add(vectors.get(0));
    assertThat(released).isEmpty();
    sum.add(vectors.get(1));
    assertThat(released).containsExactly(vectors.get(1));
    sum.add(vectors.get(2));
    sum.add(vectors.get(3));
    assertThat(released).containsExactly(vectors.get(1), vectors.get(3), vectors.get(2));
    assertThat(sum.result()).isSameAs(vectors.get(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 6, 7})
  void onlyCompleteTreesHaveAResult(int vectors) {
    PairwiseSum sum = new PairwiseSum(released -> {}, false);
    for (int i = 0; i < vectors; i++) {
      sum.add(new float[1]);
    }

    assertThatThrownBy(sum::result)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(Integer.bitCount(vectors) + " incomplete subtrees");
  }

  private static float at(List<float[]> vectors, int vector, int i) {
    return vectors.get(vector)[i];
  }

  private static List<float[]> randomVectors(int count) {
    Random random = new Random(7);
    List<float[]> vectors = new ArrayList<>();
    for (int v = 0; v < count; v++) {
      float[] vector = new float[LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        vector[i] = (float) random.nextGaussian();
      }
      vectors.add(vector);
    }
    // Sums in other orders do differ for such values.
    float[] backwards = new float[LENGTH];
    float[] forwards = new float[LENGTH];
    for (int v = 0; v < count; v++) {
      for (int i = 0; i < LENGTH; i++) {
        forwards[i] += vectors.get(v)[i];
        backwards[i] += vectors.get(count - 1 - v)[i];
      }
    }
    assertThat(Arrays.equals(forwards, backwards)).isFalse();
    return vectors;
  }
}
