package org.kindling.model.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.Parameters;
import org.kindling.model.kernels.Arena;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Nd4jKernels;
import org.kindling.model.kernels.RandomArrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Each layer's backward pass against finite differences in 64 bits. The loss is sum(y w) with fixed
 * random w, so the gradient at y is w.
 */
class LayerGradientTest {
  private final RandomArrays random = new RandomArrays(DataType.DOUBLE, RandomArrays.SEED);

  private Build build(int heads, int c, int length, double dropout, boolean bias) {
    ModelSettings settings =
        new ModelSettings(
            ModelType.GPT, 1, heads, c, length, 5, dropout, bias, bias, true, Activation.GELU);
    Parameters parameters = new Parameters(ParameterLayout.of(settings), DataType.DOUBLE);
    parameters.weights().assign(random.around(0, 0.5, parameters.weights().length()));
    return new Build(
        settings,
        parameters,
        new Nd4jKernels(DataType.DOUBLE),
        new Arena(DataType.DOUBLE),
        length,
        new long[] {11, 22});
  }

  private static double sumOfProducts(INDArray y, INDArray w) {
    return y.mul(w).sumNumber().doubleValue();
  }

  @ParameterizedTest(name = "bias {0}, dropout {1}, residual {2}")
  @CsvSource({
    "false, 0, false",
    "true, 0, false",
    "false, 0.3, false",
    "true, 0, true",
    "true, 0.3, true"
  })
  void linear(boolean bias, double dropout, boolean hasResidual) {
    Build build = build(1, 6, 5, dropout, bias);
    INDArray x = random.normal(10, 24);
    INDArray y = random.zeros(10, 6);
    INDArray dy = random.normal(10, 6);
    INDArray dx = random.normal(10, 24);
    INDArray residual = hasResidual ? random.normal(10, 6) : null;
    Linear layer =
        new Linear(
            build,
            "h.0.mlp.c_proj",
            new Linear.Arrays(x, y, dy, dx, residual, random.zeros(10, 6)),
            Dropout.of(build, 5 * 6));
    DoubleSupplier loss =
        () -> {
          layer.forward(true);
          return sumOfProducts(y, dy);
        };

    assertThat(loss.getAsDouble()).isFinite();
    layer.backward();

    FiniteDifferences.check("x", x, dx, 100, loss);
    check(build.parameters(), "h.0.mlp.c_proj.weight", loss);
    if (bias) {
      check(build.parameters(), "h.0.mlp.c_proj.bias", loss);
    }
    if (hasResidual) {
      FiniteDifferences.check("residual", residual, dy, 100, loss);
    }
  }

  private static void check(Parameters parameters, String name, DoubleSupplier loss) {
    FiniteDifferences.check(name, parameters.weight(name), parameters.gradient(name), 100, loss);
  }

  @ParameterizedTest(name = "bias {0}")
  @CsvSource({"false", "true"})
  void layerNorm(boolean bias) {
    Build build = build(1, 7, 5, 0, bias);
    INDArray x = random.around(1, 2, 10, 7);
    INDArray y = random.zeros(10, 7);
    INDArray dy = random.normal(10, 7);
    INDArray dx = random.normal(10, 7);
    LayerNorm layer = new LayerNorm(build, "ln_f", x, y, dy, dx);
    DoubleSupplier loss =
        () -> {
          layer.forward(true);
          return sumOfProducts(y, dy);
        };

    assertThat(loss.getAsDouble()).isFinite();
    layer.backward();

    FiniteDifferences.check("x", x, dx, 100, loss);
    check(build.parameters(), "ln_f.weight", loss);
    if (bias) {
      check(build.parameters(), "ln_f.bias", loss);
    }
  }

  @ParameterizedTest
  @EnumSource
  void activation(Activation activation) {
    Nd4jKernels kernels = new Nd4jKernels(DataType.DOUBLE);
    INDArray x = random.around(0, 2, 6, 20);
    INDArray y = random.zeros(6, 20);
    INDArray w = random.normal(6, 20);
    INDArray gradient = w.dup();
    Kernel forward = kernels.activation(activation, x, y);
    DoubleSupplier loss =
        () -> {
          forward.run();
          return sumOfProducts(y, w);
        };

    kernels.activationBackward(activation, x, gradient).run();

    FiniteDifferences.check("x of " + activation, x, gradient, 100, loss);
  }

  /** More than 64 tokens make several blocks of queries; 65 leave a block of one query. */
  @ParameterizedTest(name = "{0} heads of {1}, {2} tokens, dropout {3}")
  @CsvSource({
    "1, 1, 1, 0",
    "2, 3, 5, 0",
    "2, 3, 5, 0.3",
    "2, 2, 65, 0.2",
    "1, 3, 130, 0",
    "3, 1, 70, 0.5"
  })
  void causalAttention(int heads, int headSize, int length, double dropout) {
    int c = heads * headSize;
    Build build = build(heads, c, length, dropout, false);
    INDArray qkv = random.normal(2L * length, 3L * c);
    INDArray y = random.zeros(2L * length, c);
    INDArray dy = random.normal(2L * length, c);
    INDArray dqkv = random.normal(2L * length, 3L * c);
    CausalAttention layer =
        new CausalAttention(
            build, new CausalAttention.Arrays(qkv, y, dy, dqkv), CausalAttention.Scratch.of(build));
    DoubleSupplier loss =
        () -> {
          layer.forward(true);
          return sumOfProducts(y, dy);
        };

    assertThat(loss.getAsDouble()).isFinite();
    layer.backward();

    FiniteDifferences.check("queries, keys and values", qkv, dqkv, 100, loss);
  }
}
