package org.kindling.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.model.kernels.KernelAgreement.bothAgreeWithTheOracle;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.kindling.model.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Kernels that go row by row or value by value: layer norm, activations, softmax, cross-entropy,
 * embedding, dropout.
 */
class RowByRowKernelsTest {

  @ParameterizedTest(name = "({0}, {1}), bias {2}")
  @CsvSource({
    "1, 1, true",
    "7, 1, false",
    "1, 3, true",
    "7, 3, false",
    "7, 65, true",
    "130, 65, false",
    "5, 384, true"
  })
  void layerNorm(int rows, int columns, boolean bias) {
    bothAgreeWithTheOracle(
        "layer norm and its gradients",
        2e-5, // the variance of three values may come out small, and is divided by
        (kernels, random) -> {
          INDArray x = random.around(0.5, 2, rows, columns);
          INDArray gain = random.around(1, 0.2, 1, columns);
          INDArray shift = random.normal(1, columns);
          INDArray dy = random.normal(rows, columns);
          INDArray dGain = random.normal(1, columns);
          INDArray dShift = random.normal(1, columns);
          INDArray y = random.zeros(rows, columns);
          INDArray dx = random.normal(rows, columns);
          INDArray mean = random.zeros(rows, 1);
          INDArray variance = random.zeros(rows, 1);
          LayerNormArrays arrays =
              new LayerNormArrays(x, gain, bias ? shift : null, mean, variance);
          kernels.layerNorm(arrays, y).run();
          kernels.layerNormBackward(arrays, dy, dx, dGain, bias ? dShift : null).run();
          return List.of(y, mean, variance, dx, dGain, dShift);
        });
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 65", "7, 1", "130, 32"})
  void aCopyIsTheSame(int rows, int columns) {
    bothAgreeWithTheOracle(
        "copy",
        0,
        (kernels, random) -> {
          INDArray x = random.zeros(rows, columns).addi(0.25);
          INDArray copy = random.normal(rows, columns);
          kernels.copy(x, copy).run();
          return List.of(copy);
        });
  }

  @ParameterizedTest
  @EnumSource
  void activations(Activation activation) {
    bothAgreeWithTheOracle(
        activation + " and its slope, near 0 and far out",
        (kernels, random) -> {
          INDArray x = random.around(0, 3, 7, 65);
          x.putScalar(0, 0, 0);
          x.putScalar(0, 1, 40);
          x.putScalar(0, 2, -40);
          INDArray y = random.zeros(7, 65);
          INDArray dy = random.normal(7, 65);
          INDArray single = random.normal(1, 1);
          INDArray singleOut = random.zeros(1, 1);
          kernels.activation(activation, x, y).run();
          kernels.activationBackward(activation, x, dy).run();
          kernels.activation(activation, single, singleOut).run();
          return List.of(y, dy, singleOut);
        });
  }

  @ParameterizedTest(name = "{0} sequences, {1} heads, {2} queries, {3} keys")
  @CsvSource({
    "1, 1, 1, 1",
    "2, 3, 5, 5",
    "1, 2, 64, 64",
    "2, 1, 2, 130",
    "1, 1, 7, 65",
    "3, 2, 7, 1"
  })
  void softmax(int b, int h, int q, int k) {
    bothAgreeWithTheOracle(
        "softmax and its gradient, some keys hidden",
        5e-6,
        (kernels, random) -> {
          INDArray p = random.around(0, 4, b, h, q, k);
          for (int i = 0; i < q && k > 1; i++) {
            p.putScalar(new int[] {0, 0, i, k - 1}, Double.NEGATIVE_INFINITY);
          }
          INDArray dp = random.normal(b, h, q, k);
          kernels.softmax(p).run();
          kernels.softmaxBackward(p, dp).run();
          return List.of(p, dp);
        });
  }

  @ParameterizedTest(name = "{0} rows, {1} tokens, logits of size {2}")
  @CsvSource({"1, 1, 1", "7, 3, 1", "130, 65, 1", "7, 65, 80", "5, 300, 10000"})
  void crossEntropy(int rows, int vocabulary, double size) {
    bothAgreeWithTheOracle(
        "losses and gradient",
        5e-6,
        (kernels, random) -> {
          INDArray logits = random.around(0, size, rows, vocabulary);
          int[] targets = random.ids(rows, vocabulary);
          for (int n = 2; n < rows; n += 3) {
            targets[n] = Kernels.NO_TARGET;
          }
          double[] losses = new double[rows];
          Arrays.fill(losses, 99);
          kernels.crossEntropy(logits, targets, losses).run();
          INDArray logProbabilities = logits.dup();
          kernels.crossEntropyBackward(logits, targets).run();
          return List.of(Nd4j.createFromArray(losses), logProbabilities, logits);
        });
  }

  @Test
  void aPositionWithoutTargetCostsNothingAndTeachesNothing() {
    try (Kernels kernels = new OneDnnKernels()) {
      INDArray logits = new RandomArrays(DataType.FLOAT, RandomArrays.SEED).normal(3, 5);
      int[] targets = {2, Kernels.NO_TARGET, 4};
      double[] losses = new double[3];

      kernels.crossEntropy(logits, targets, losses).run();
      kernels.crossEntropyBackward(logits, targets).run();

      assertThat(losses[1]).isZero();
      assertThat(losses[0]).isPositive();
      assertThat(logits.getRow(1).toFloatVector()).containsOnly(0f);
      assertThat(logits.getRow(0).sumNumber().doubleValue()).isBetween(-1e-5, 1e-5);
    }
  }

  @ParameterizedTest(name = "{0} sequences of {1} tokens, {2} columns, positions {3}")
  @CsvSource({
    "1, 1, 1, true",
    "3, 5, 3, true",
    "2, 65, 65, true",
    "1, 7, 3, false",
    "2, 5, 1, false",
    "3, 1, 5, true",
    "1, 1, 5, true",
    "1, 1, 5, false"
  })
  void embedding(int sequences, int length, int columns, boolean hasPositions) {
    bothAgreeWithTheOracle(
        "rows of a table, and gradients back to it, ids repeating",
        (kernels, random) -> {
          int vocabulary = 6;
          int[] ids = random.ids(sequences * length, vocabulary);
          INDArray table = random.normal(vocabulary, columns);
          INDArray positions = hasPositions ? random.normal(length, columns) : null;
          INDArray x = random.normal(ids.length, columns);
          INDArray dTable = random.normal(vocabulary, columns);
          INDArray dPositions = random.normal(length, columns);
          kernels.embedding(ids, table, positions, x).run();
          kernels.embeddingBackward(ids, x, dTable, hasPositions ? dPositions : null).run();
          return List.of(x, dTable, dPositions);
        });
  }

  @ParameterizedTest(name = "{0} sequences, {1} values each")
  @CsvSource({"1, 1", "1, 3", "7, 65", "2, 130", "3, 6"})
  void dropoutIntoAnotherArrayAndInPlace(int sequences, int length) {
    bothAgreeWithTheOracle(
        "dropout",
        (kernels, random) -> {
          DropoutMask mask = kernels.mask(sequences, length, 0.25);
          for (int s = 0; s < sequences; s++) {
            mask.fill(s, 7L * s + (1L << 40));
          }
          INDArray x = random.normal(sequences, length);
          INDArray y = random.normal(sequences, length);
          kernels.dropout(x, mask, y).run();
          kernels.dropout(x, mask, x).run();
          return List.of(x, y);
        });
  }
}
