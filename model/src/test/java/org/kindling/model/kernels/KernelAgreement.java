package org.kindling.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs one formula on both 32-bit implementations, the fast one once more skipping zeros, and
 * compares what comes out with the 64-bit oracle.
 */
final class KernelAgreement {
  /**
   * ||ours - oracle|| / ||oracle|| of one result; 32-bit floats have seven digits, sums lose one or
   * two.
   */
  static final double TOLERANCE = 2e-6;

  private KernelAgreement() {}

  /** Makes arrays, runs kernels on them, and hands back the arrays to compare. */
  interface Formula {
    List<INDArray> run(Kernels kernels, RandomArrays random);
  }

  static void bothAgreeWithTheOracle(String what, Formula formula) {
    bothAgreeWithTheOracle(what, TOLERANCE, formula);
  }

  static void bothAgreeWithTheOracle(String what, double tolerance, Formula formula) {
    SingleThread.enforce();
    List<INDArray> oracle = run(new Nd4jKernels(DataType.DOUBLE), formula);
    compare("oneDNN, " + what, run(new OneDnnKernels(), formula), oracle, tolerance);
    Kernels skipping = new OneDnnKernels(Double.MAX_VALUE);
    compare("oneDNN that skips all zeros, " + what, run(skipping, formula), oracle, tolerance);
    compare("ND4J, " + what, run(new Nd4jKernels(DataType.FLOAT), formula), oracle, tolerance);
  }

  private static List<INDArray> run(Kernels made, Formula formula) {
    try (Kernels kernels = made) {
      return formula.run(kernels, new RandomArrays(kernels.type(), RandomArrays.SEED)).stream()
          .map(INDArray::dup)
          .toList();
    }
  }

  private static void compare(
      String what, List<INDArray> ours, List<INDArray> oracle, double tolerance) {
    assertThat(ours).hasSameSizeAs(oracle);
    for (int i = 0; i < ours.size(); i++) {
      String name = "result %d of %s, seed %d".formatted(i, what, RandomArrays.SEED);
      assertThat(ours.get(i).shape()).as(name).isEqualTo(oracle.get(i).shape());
      double error = relativeError(ours.get(i), oracle.get(i));
      assertThat(error).as("relative error of " + name).isLessThanOrEqualTo(tolerance);
    }
  }

  /**
   * ||ours - oracle|| / ||oracle||; where the oracle is (nearly) all zeros, the absolute error. NaN
   * if a value is.
   */
  static double relativeError(INDArray ours, INDArray oracle) {
    double difference = 0;
    double norm = 0;
    for (long i = 0; i < ours.length(); i++) {
      double expected = oracle.getDouble(i);
      difference += Math.pow(ours.getDouble(i) - expected, 2);
      norm += expected * expected;
    }
    return norm < 1e-12 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
  }
}
