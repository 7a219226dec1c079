package org.kindling.model.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleSupplier;
import org.kindling.model.kernels.RandomArrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Compares a gradient with what the loss does when values are moved a little, in 64 bits. */
final class FiniteDifferences {
  /** Rounding leaves a relative 1e-9 or so; a wrong formula is off by 1e-2 and more. */
  static final double TOLERANCE = 1e-6;

  private static final double STEP = 1e-5;

  private FiniteDifferences() {}

  /**
   * Moves values of x up and down, at most {@code most} of them, chosen at random.
   *
   * @param gradient what backward left as the gradient at x, of x's shape
   * @param most how many values to move
   * @param loss runs forward and gives the loss
   */
  static void check(String name, INDArray x, INDArray gradient, int most, DoubleSupplier loss) {
    INDArray claimed = gradient.dup();
    Random random = new Random(RandomArrays.SEED);
    int[] places =
        random.ints(0, (int) x.length()).distinct().limit(Math.min(most, x.length())).toArray();
    double difference = 0;
    double norm = 0;
    for (int place : places) {
      double old = x.getDouble(place);
      x.putScalar(place, old + STEP);
      double up = loss.getAsDouble();
      x.putScalar(place, old - STEP);
      double down = loss.getAsDouble();
      x.putScalar(place, old);
      double measured = (up - down) / (2 * STEP);
      difference += Math.pow(claimed.getDouble(place) - measured, 2);
      norm += measured * measured;
    }
    checkError(name, difference, norm);
  }

  /**
   * Moves all values of x at once, up and down along random directions: a few runs see every value.
   *
   * @param gradient what backward left as the gradient at x, of x's shape
   * @param loss runs forward and gives the loss
   */
  static void checkAlong(
      String name, INDArray x, INDArray gradient, int directions, DoubleSupplier loss) {
    INDArray old = x.dup();
    INDArray claimed = gradient.dup();
    RandomArrays random = new RandomArrays(DataType.DOUBLE, RandomArrays.SEED);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < directions; i++) {
      INDArray direction = random.around(0, 1, x.shape());
      direction.divi(direction.norm2Number());
      x.addi(direction.mul(STEP));
      double up = loss.getAsDouble();
      x.assign(old).subi(direction.mul(STEP));
      double down = loss.getAsDouble();
      x.assign(old);
      double measured = (up - down) / (2 * STEP);
      difference += Math.pow(claimed.mul(direction).sumNumber().doubleValue() - measured, 2);
      norm += measured * measured;
    }
    checkError(name, difference, norm);
  }

  private static void checkError(String name, double difference, double norm) {
    assertThat(norm).as("size of the gradient at " + name).isPositive();
    assertThat(Math.sqrt(difference / norm))
        .as("relative error of the gradient at %s, seed %d", name, RandomArrays.SEED)
        .isLessThanOrEqualTo(TOLERANCE);
  }
}
