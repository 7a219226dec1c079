package org.kindling.model.kernels;

import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays of random values from one seed. Values are rounded to 32 bits whatever the type, so that
 * FLOAT and DOUBLE kernels start from equal numbers. {@code -Dkindling.seed=N} tries others.
 */
public final class RandomArrays {
  /** The seed that the tests name when they fail. */
  public static final long SEED = Long.getLong("kindling.seed", 20_260_101);

  private final DataType type;
  private final Random random;

  public RandomArrays(DataType type, long seed) {
    this.type = type;
    this.random = new Random(seed);
  }

  /** Standard normal values, row-major. */
  public INDArray normal(long... shape) {
    return around(0, 1, shape);
  }

  /** Normal values around {@code mean}, row-major. */
  public INDArray around(double mean, double deviation, long... shape) {
    INDArray array = Nd4j.create(type, shape);
    for (long i = 0; i < array.length(); i++) {
      array.data().put(i, (float) (mean + deviation * random.nextGaussian()));
    }
    return array;
  }

  /** Normal values, of which each is zero with that probability, row-major. */
  public INDArray withZeros(double probability, long... shape) {
    INDArray array = normal(shape);
    for (long i = 0; i < array.length(); i++) {
      if (random.nextDouble() < probability) {
        array.data().put(i, 0);
      }
    }
    return array;
  }

  /** Zeros, row-major. */
  public INDArray zeros(long... shape) {
    return Nd4j.create(type, shape);
  }

  /** Ids in [0, bound). */
  public int[] ids(int count, int bound) {
    return random.ints(count, 0, bound).toArray();
  }
}
