package org.kindling.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.model.kernels.KernelAgreement.bothAgreeWithTheOracle;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.model.kernels.Product.Factor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Products that leave zeros out: what they compute, to the last bit, and when they are chosen. */
class SkippingProductTest {
  private static final String SHAPES = "({0}, {1}) times ({1}, {2}), {3} of the values zero";

  @ParameterizedTest(name = SHAPES)
  @CsvSource({
    "2, 2, 2, 0.5",
    "7, 65, 3, 0.5",
    "64, 64, 96, 0.9",
    "130, 200, 97, 0.95",
    "63, 33, 195, 0",
    "65, 129, 100, 1"
  })
  void everyLayoutThatALinearLayerHas(int m, int k, int n, double zeros) {
    bothAgreeWithTheOracle(
        "x Wᵀ + bias, dy W, dyᵀ x with zeros in either",
        (kernels, random) -> {
          INDArray a = random.withZeros(zeros, m, k);
          INDArray aTurned = random.withZeros(zeros, k, m).transpose();
          INDArray bWithZeros = random.withZeros(zeros, k, n);
          INDArray b = random.normal(k, n);
          INDArray bTurned = random.normal(n, k).transpose();
          List<INDArray> results =
              List.of(
                  random.zeros(m, n), random.zeros(m, n), random.normal(m, n), random.normal(m, n));
          List<Product> products =
              List.of(
                  Product.of(a, bTurned, results.get(0))
                      .withBias(random.normal(1, n))
                      .zerosIn(Factor.A),
                  Product.of(a, b, results.get(1)).zerosIn(Factor.A),
                  Product.of(aTurned, b, results.get(2)).accumulated().zerosIn(Factor.A),
                  Product.of(random.normal(k, m).transpose(), bWithZeros, results.get(3))
                      .accumulated()
                      .zerosIn(Factor.B));
          assertThat(products).allMatch(SkippingProduct::fits);
          products.forEach(product -> kernels.product(product).run());
          return results;
        });
  }

  @Test
  void dropoutAndAdditionComeAfterIt() {
    bothAgreeWithTheOracle(
        "dropout(a b + bias) + add",
        (kernels, random) -> {
          DropoutMask mask = kernels.mask(2, 5 * 100, 0.3);
          mask.fill(0, 1);
          mask.fill(1, 2);
          INDArray c = random.zeros(10, 100);
          Product product =
              Product.of(random.withZeros(0.8, 10, 70), random.normal(100, 70).transpose(), c)
                  .withBias(random.normal(1, 100))
                  .dropped(mask)
                  .plus(random.normal(10, 100));
          kernels.product(product.zerosIn(Factor.A)).run();
          return List.of(c);
        });
  }

  /**
   * On any machine: each value is one chain of fused multiply-adds, whose order depends on nothing
   * but where zeros are. Run often enough to be compiled on the way, which must not change a bit
   * either.
   */
  @ParameterizedTest(name = SHAPES)
  @CsvSource({"70, 130, 100, 0.7", "71, 130, 100, 0.5"})
  void isAChainOfFusedMultiplyAdds(int m, int k, int n, double zeros) {
    SingleThread.enforce();
    RandomArrays random = new RandomArrays(DataType.FLOAT, RandomArrays.SEED);
    INDArray a = random.withZeros(zeros, m, k);
    INDArray aByColumns = a.dup('f');
    INDArray b = random.normal(k, n);
    INDArray c = random.zeros(m, n);
    float[][] expected = chains(a.toFloatMatrix(), b.toFloatMatrix());
    try (Kernels kernels = new OneDnnKernels(Double.MAX_VALUE)) {
      for (INDArray left : List.of(a, aByColumns)) {
        Kernel product = kernels.product(Product.of(left, b, c).zerosIn(Factor.A));
        for (int run = 0; run < 200; run++) {
          product.run();
          assertThat(c.toFloatMatrix()).isDeepEqualTo(expected);
        }
      }
    }
  }

  /** For 64 factors at a time, first those that a row shares with the other of its pair. */
  private static float[][] chains(float[][] a, float[][] b) {
    float[][] sums = new float[a.length][b[0].length];
    for (int row = 0; row < a.length; row++) {
      float[] other = (row ^ 1) < a.length ? a[row ^ 1] : new float[b.length];
      for (int from = 0; from < b.length; from += 64) {
        for (boolean shared : new boolean[] {true, false}) {
          for (int l = from; l < Math.min(from + 64, b.length); l++) {
            for (int j = 0; a[row][l] != 0 && (other[l] != 0) == shared && j < b[l].length; j++) {
              sums[row][j] = Math.fma(a[row][l], b[l][j], sums[row][j]);
            }
          }
        }
      }
    }
    return sums;
  }

  /** A factor of zero would make NaN of NaN, which shows who computed. */
  @ParameterizedTest(name = SHAPES)
  @CsvSource({"64, 64, 96, 0.3, false", "64, 64, 96, 0.6, true", "64, 64, 4, 0.6, false"})
  void isChosenWhereItIsFaster(int m, int k, int n, double zeros, boolean chosen) {
    assertThat(hasNaN(new OneDnnKernels(OneDnnKernels.WHERE_FASTER), m, k, n, zeros))
        .isEqualTo(!chosen);
    assertThat(hasNaN(new OneDnnKernels(), m, k, n, zeros)).isTrue();
    assertThat(hasNaN(new OneDnnKernels(Double.MAX_VALUE), m, k, n, zeros)).isFalse();
  }

  private static boolean hasNaN(Kernels made, int m, int k, int n, double zeros) {
    SingleThread.enforce();
    RandomArrays random = new RandomArrays(DataType.FLOAT, RandomArrays.SEED);
    INDArray a = random.withZeros(zeros, m, k);
    a.putColumn(2, random.zeros(m));
    a.putScalar(1, 2, -0.0);
    INDArray b = random.normal(k, n);
    for (int j = 0; j < n; j++) {
      b.putScalar(2, j, Float.NaN);
    }
    INDArray c = random.zeros(m, n);
    try (Kernels kernels = made) {
      kernels.product(Product.of(a, b, c).zerosIn(Factor.A)).run();
    }
    return Float.isNaN(c.getFloat(1, 1));
  }
}
