package org.kindling.model.kernels;

import static org.kindling.model.kernels.KernelAgreement.bothAgreeWithTheOracle;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Matrix products: every fused part, transposed and strided operands, awkward shapes. */
class ProductTest {

  @ParameterizedTest(name = "({0}, {1}) times ({1}, {2})")
  @CsvSource({
    "1, 1, 1",
    "1, 3, 65",
    "7, 1, 3",
    "7, 65, 1",
    "7, 3, 65",
    "130, 65, 3",
    "64, 128, 512"
  })
  void everyShapeAndTranspose(int m, int k, int n) {
    bothAgreeWithTheOracle(
        "a b, a bT, aT b, and each added to what was there",
        (kernels, random) -> {
          INDArray a = random.normal(m, k);
          INDArray b = random.normal(k, n);
          INDArray aTurned = random.normal(k, m).transpose();
          INDArray bTurned = random.normal(n, k).transpose();
          INDArray c = random.zeros(m, n);
          INDArray cByWeights = random.zeros(m, n);
          INDArray cOfGradient = random.normal(m, n);
          kernels.product(Product.of(a, b, c)).run();
          kernels.product(Product.of(a, bTurned, cByWeights)).run();
          kernels.product(Product.of(aTurned, b, cOfGradient).accumulated()).run();
          return List.of(c, cByWeights, cOfGradient);
        });
  }

  @ParameterizedTest(name = "({0}, {1}) times ({1}, {2}), {3} sequences")
  @CsvSource({"1, 1, 1, 1", "7, 5, 65, 1", "6, 65, 3, 3", "130, 8, 1, 2", "64, 32, 96, 2"})
  void biasScaleDropoutAndAdditionTogether(int m, int k, int n, int sequences) {
    bothAgreeWithTheOracle(
        "dropout(scale (a b + bias)) + add",
        (kernels, random) -> {
          DropoutMask mask = kernels.mask(sequences, m / sequences * n, 0.3);
          for (int s = 0; s < sequences; s++) {
            mask.fill(s, 1000 + s);
          }
          INDArray c = random.normal(m, n);
          Product product =
              Product.of(random.normal(m, k), random.normal(n, k).transpose(), c)
                  .scaled(0.7)
                  .withBias(random.normal(1, n))
                  .dropped(mask)
                  .plus(random.normal(m, n));
          kernels.product(product).run();
          INDArray first = c.dup();
          kernels.product(product.accumulated()).run();
          return List.of(first, c);
        });
  }

  @Test
  void eachFusedPartAlone() {
    bothAgreeWithTheOracle(
        "bias; scale; dropout; add",
        (kernels, random) -> {
          INDArray a = random.normal(6, 5);
          INDArray b = random.normal(5, 7);
          DropoutMask mask = kernels.mask(2, 21, 0.5);
          mask.fill(0, 1);
          mask.fill(1, 2);
          List<INDArray> results =
              List.of(
                  random.zeros(6, 7), random.zeros(6, 7), random.zeros(6, 7), random.zeros(6, 7));
          kernels.product(Product.of(a, b, results.get(0)).withBias(random.normal(1, 7))).run();
          kernels.product(Product.of(a, b, results.get(1)).scaled(-2.5)).run();
          kernels.product(Product.of(a, b, results.get(2)).dropped(mask)).run();
          kernels.product(Product.of(a, b, results.get(3)).plus(random.normal(6, 7))).run();
          return results;
        });
  }

  /** Rows of a wider matrix: what a head, or one of queries, keys and values, is. */
  @Test
  void columnsOfWiderMatrices() {
    bothAgreeWithTheOracle(
        "strided rows",
        (kernels, random) -> {
          INDArray a = columns(random.normal(7, 20), 3, 8);
          INDArray b = columns(random.normal(5, 40), 10, 15);
          INDArray whole = random.normal(7, 30);
          INDArray c = columns(whole, 20, 25);

          kernels.product(Product.of(a, b, c)).run();
          return List.of(whole); // the columns beside c must be as they were
        });
  }

  private static INDArray columns(INDArray x, int from, int to) {
    return x.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
  }

  @ParameterizedTest(name = "{0} sequences, {1} heads of {2}, {3} queries, {4} keys")
  @CsvSource({
    "1, 1, 1, 1, 1", "2, 3, 1, 5, 5", "1, 3, 8, 1, 1", "2, 1, 8, 5, 65", "3, 2, 32, 64, 64",
    "2, 4, 64, 2, 130", "1, 6, 64, 64, 128", "2, 2, 1, 1, 65", "2, 1, 16, 64, 128",
        "1, 2, 16, 16, 64",
    "3, 2, 8, 1, 65", "2, 3, 64, 1, 1", "3, 1, 32, 63, 127"
  })
  void headsAsStridedViewsOfOneFusedArray(int b, int h, int d, int q, int k) {
    bothAgreeWithTheOracle(
        "scores with a mask, mixture of values, and the four backward products",
        (kernels, random) -> {
          int c = h * d;
          INDArray qkv = random.normal((long) b * k, 3L * c);
          INDArray queries = heads(qkv, 0, k - q, b, h, q, d, k);
          INDArray keys = heads(qkv, c, 0, b, h, k, d, k);
          INDArray values = heads(qkv, 2 * c, 0, b, h, k, d, k);
          INDArray scores = random.zeros(b, h, q, k);
          INDArray y = random.zeros((long) b * k, c);
          INDArray mixed = heads(y, 0, k - q, b, h, q, d, k);
          INDArray dqkv = random.normal((long) b * k, 3L * c);
          INDArray dQueries = heads(dqkv, 0, k - q, b, h, q, d, k);
          INDArray dKeys = heads(dqkv, c, 0, b, h, k, d, k);
          INDArray dValues = heads(dqkv, 2 * c, 0, b, h, k, d, k);
          kernels
              .product(
                  Product.of(queries, keys.permute(0, 1, 3, 2), scores)
                      .scaled(0.25)
                      .plus(random.normal(1, 1, q, k)))
              .run();
          kernels.product(Product.of(scores, values, mixed)).run();
          kernels.product(Product.of(scores.permute(0, 1, 3, 2), mixed, dValues)).run();
          kernels.product(Product.of(scores, keys, dQueries).scaled(0.25)).run();
          kernels
              .product(
                  Product.of(scores.permute(0, 1, 3, 2), queries, dKeys).scaled(0.25).accumulated())
              .run();
          INDArray dScores = random.zeros(b, h, q, k);
          kernels.product(Product.of(mixed, values.permute(0, 1, 3, 2), dScores)).run();
          return List.of(scores, y, dqkv, dScores);
        });
  }

  @ParameterizedTest(name = "{0} blocks, {1} heads of {2}, {3} queries, blocks of {4} keys")
  @CsvSource({"1, 2, 8, 2, 16", "3, 1, 8, 2, 16", "4, 3, 16, 5, 64", "2, 2, 4, 1, 3"})
  void blocksOfKeysShareTheirQueries(int n, int h, int d, int q, int width) {
    bothAgreeWithTheOracle(
        "scores, block by block into rows of all keys",
        (kernels, random) -> {
          int k = n * width;
          INDArray queries = random.normal(1, h, q, d);
          INDArray keys = random.normal(n, h, d, width);
          INDArray rows = random.zeros((long) q * h, k);
          long[] shape = {n, h, q, width};
          INDArray scores =
              Nd4j.create(rows.data(), shape, new long[] {width, k, h * k, 1}, 0, 'c');

          kernels.movingProduct(Product.of(queries, keys, scores).scaled(0.5)).run(0, 0, 0);
          return List.of(rows);
        });
  }

  /**
   * Tokens of {@code length}-token sequences from {@code first}, columns from {@code column}: (B,
   * H, count, D).
   */
  private static INDArray heads(
      INDArray rows, int column, int first, int b, int h, int count, int d, int length) {
    long width = rows.size(1);
    return Nd4j.create(
        rows.data(),
        new long[] {b, h, count, d},
        new long[] {length * width, d, width, 1},
        rows.offset() + first * width + column,
        'c');
  }

  @ParameterizedTest(name = "({0}, {1})")
  @CsvSource({"1, 1", "1, 65", "7, 1", "7, 3", "130, 65"})
  void sumsOfRowsAndSums(int rows, int columns) {
    bothAgreeWithTheOracle(
        "sum += rows of x; y += x",
        (kernels, random) -> {
          INDArray x = random.normal(rows, columns);
          INDArray sum = random.normal(1, columns);
          INDArray y = random.normal(rows, columns);
          kernels.addRowSums(x, sum).run();
          kernels.add(x, y).run();
          return List.of(sum, y);
        });
  }
}
