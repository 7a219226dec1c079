package org.kindling.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.model.CounterHash;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Which values dropout keeps: the right share of them, as a function of the key alone, the same in
 * both implementations.
 */
class DropoutMaskTest {

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.1, 0.2, 0.5, 0.9})
  void theShareOfDroppedValuesIsTheProbability(double probability) {
    int length = 1000;
    int stretches = 400;
    long[] keys = new long[stretches];
    Arrays.setAll(keys, s -> CounterHash.of(RandomArrays.SEED, s));
    int dropped = 0;

    try (Kernels kernels = new OneDnnKernels()) {
      for (float value : remains(kernels, length, probability, keys).data().asFloat()) {
        dropped += value == 0 ? 1 : 0;
      }
    }

    double count = (double) length * stretches;
    double deviation = Math.sqrt(probability * (1 - probability) / count);
    assertThat(dropped / count).isBetween(probability - 5 * deviation, probability + 5 * deviation);
  }

  /**
   * Neighbours in a stretch, and the same value under neighbouring keys, agree as often as
   * independent draws do.
   */
  @Test
  void valuesAreIndependentOfTheirNeighbours() {
    int length = 200_000;
    float[] mask;
    float[] nextKey;
    try (Kernels kernels = new OneDnnKernels()) {
      mask = remains(kernels, length, 0.5, 1).toFloatVector();
      nextKey = remains(kernels, length, 0.5, 2).toFloatVector();
    }
    int alongTheStretch = 0;
    int acrossKeys = 0;

    for (int i = 1; i < length; i++) {
      alongTheStretch += mask[i] == mask[i - 1] ? 1 : 0;
      acrossKeys += mask[i] == nextKey[i] ? 1 : 0;
    }

    double deviation = Math.sqrt(0.25 / length);
    assertThat(alongTheStretch / (double) length)
        .isBetween(0.5 - 5 * deviation, 0.5 + 5 * deviation);
    assertThat(acrossKeys / (double) length).isBetween(0.5 - 5 * deviation, 0.5 + 5 * deviation);
  }

  /** Lengths that are no multiple of four end in the middle of a word. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 65, 130, 1024})
  void aMaskDependsOnItsKeyAndNotOnItsPlaceInTheBatch(int length) {
    try (Kernels kernels = new OneDnnKernels()) {
      long key = 0x123456789ABCDEFL;
      INDArray alone = remains(kernels, length, 0.5, key);
      INDArray batch = remains(kernels, length, 0.5, 5, key, -3, key);

      assertThat(batch.getRow(1).toFloatVector()).isEqualTo(alone.getRow(0).toFloatVector());
      assertThat(batch.getRow(3).toFloatVector()).isEqualTo(alone.getRow(0).toFloatVector());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 65, 130, 1024})
  void bothImplementationsDropTheSameValues(int length) {
    try (Kernels oneDnn = new OneDnnKernels();
        Kernels nd4j = new Nd4jKernels(DataType.FLOAT)) {
      long[] keys = {0, 1, -1, Long.MIN_VALUE, CounterHash.of(RandomArrays.SEED)};
      INDArray ours = remains(oneDnn, length, 0.5, keys);
      INDArray theirs = remains(nd4j, length, 0.5, keys);

      assertThat(ours.data().asFloat()).containsExactly(theirs.data().asFloat(), within(1e-6f));
    }
  }

  private static org.assertj.core.data.Offset<Float> within(float difference) {
    return org.assertj.core.data.Offset.offset(difference);
  }

  /**
   * What dropout leaves of ones: 1 / (1 - probability) where kept, 0 where dropped. (keys, length).
   */
  private static INDArray remains(Kernels kernels, int length, double probability, long... keys) {
    DropoutMask mask = kernels.mask(keys.length, length, probability);
    for (int s = 0; s < keys.length; s++) {
      mask.fill(s, keys[s]);
    }
    INDArray x = Nd4j.ones(DataType.FLOAT, keys.length, length);
    kernels.dropout(x, mask, x).run();
    return x;
  }
}
