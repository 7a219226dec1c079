package org.kindling.model.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kindling.model.Activation;
import org.kindling.model.InitialScheme;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.ParameterLayout.Parameter;
import org.kindling.model.Parameters;
import org.kindling.model.kernels.Arena;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.Nd4jKernels;
import org.kindling.model.kernels.RandomArrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Whole models, from ids to loss, against finite differences in 64 bits: every tensor of every
 * variant.
 */
class NetworkGradientTest {
  /** In which all values of a tensor are moved; one finds an error in any of them. */
  private static final int DIRECTIONS = 2;

  private final RandomArrays random = new RandomArrays(DataType.DOUBLE, RandomArrays.SEED);

  /** Both ends of every choice, each with dropout and without. */
  static List<ModelSettings> variants() {
    List<ModelSettings> variants = new ArrayList<>();
    for (double dropout : new double[] {0, 0.2}) {
      variants.add(gpt(dropout, false, false, true, Activation.GELU)); // nanoGPT's
      variants.add(gpt(dropout, true, false, false, Activation.RELU)); // the lecture's
      variants.add(gpt(dropout, true, true, true, Activation.GELU_TANH)); // GPT-2's
      variants.add(gpt(dropout, false, true, false, Activation.GELU));
    }
    variants.add(
        new ModelSettings(
            ModelType.BIGRAM, 0, 0, 0, 6, 7, 0, false, false, false, Activation.RELU));
    return variants;
  }

  private static ModelSettings gpt(
      double dropout, boolean bias, boolean qkvBias, boolean tiedHead, Activation activation) {
    return new ModelSettings(
        ModelType.GPT, 2, 2, 8, 6, 7, dropout, bias, qkvBias, tiedHead, activation);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everyTensor(ModelSettings settings) {
    checkEveryTensor(settings, settings.context());
  }

  /** Every combination of parts that settings can take away, each with dropout and without. */
  static List<ModelSettings> parts() {
    List<ModelSettings> parts = new ArrayList<>();
    for (int off = 0; off < 32; off++) {
      for (double dropout : new double[] {0, 0.2}) {
        boolean feedForwardProjection = (off & 1) == 0;
        parts.add(
            new ModelSettings(
                ModelType.GPT,
                2,
                2,
                8,
                6,
                7,
                dropout,
                true,
                false,
                false,
                Activation.GELU,
                (off & 2) == 0,
                feedForwardProjection ? 3 : 1,
                feedForwardProjection,
                (off & 4) == 0,
                (off & 8) == 0,
                (off & 16) == 0,
                InitialScheme.GPT2));
      }
    }
    return parts;
  }

  @ParameterizedTest
  @MethodSource("parts")
  void everyTensorOfAModelWithoutSomeParts(ModelSettings settings) {
    checkEveryTensor(settings, settings.context());
  }

  @Test
  void sequencesShorterThanTheContext() {
    checkEveryTensor(gpt(0.2, true, true, false, Activation.GELU), 4);
  }

  @Test
  void sequencesOfSeveralBlocksOfQueries() {
    checkEveryTensor(
        new ModelSettings(
            ModelType.GPT, 1, 2, 4, 66, 5, 0.1, true, false, true, Activation.GELU_TANH),
        66);
  }

  private void checkEveryTensor(ModelSettings settings, int length) {
    Kernels kernels = new Nd4jKernels(DataType.DOUBLE);
    Parameters parameters = new Parameters(ParameterLayout.of(settings), DataType.DOUBLE);
    parameters.weights().assign(random.around(0, 0.4, parameters.weights().length()));
    long[] keys = {3, 4};
    Build build =
        new Build(settings, parameters, kernels, new Arena(DataType.DOUBLE), length, keys);
    int[] ids = random.ids(2 * length, settings.vocabulary());
    int[] targets = random.ids(2 * length, settings.vocabulary());
    targets[3] = Kernels.NO_TARGET;
    double[] losses = new double[2 * length];
    Network network = Network.of(build, ids);
    Kernel crossEntropy = kernels.crossEntropy(network.logits(), targets, losses);
    DoubleSupplier loss =
        () -> {
          network.forward(true);
          crossEntropy.run();
          return DoubleStream.of(losses).sum();
        };

    assertThat(loss.getAsDouble()).isFinite();
    kernels.crossEntropyBackward(network.logits(), targets).run();
    network.backward();

    for (Parameter parameter : parameters.layout().parameters()) {
      String name = parameter.name();
      INDArray weight = parameters.weight(name);
      FiniteDifferences.checkAlong(name, weight, parameters.gradient(name), DIRECTIONS, loss);
    }
  }

  @Test
  void logitsOfTheLoss() {
    Kernels kernels = new Nd4jKernels(DataType.DOUBLE);
    INDArray logits = random.around(0, 3, 6, 9);
    INDArray scratch = random.zeros(6, 9);
    int[] targets = random.ids(6, 9);
    targets[2] = Kernels.NO_TARGET;
    double[] losses = new double[6];
    Kernel crossEntropy = kernels.crossEntropy(scratch, targets, losses);
    DoubleSupplier loss =
        () -> {
          scratch.assign(logits);
          crossEntropy.run();
          return DoubleStream.of(losses).sum();
        };

    assertThat(loss.getAsDouble()).isFinite();
    kernels.crossEntropyBackward(scratch, targets).run();

    FiniteDifferences.check("logits", logits, scratch.dup(), 54, loss);
  }
}
