package org.kindling.model.kernels;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A mask of factors, 1 / (1 - probability) kept and 0 dropped, in the type of the arrays it
 * multiplies.
 */
final class FactorDropoutMask implements DropoutMask {
  private final INDArray factors;
  private final DropoutBits bits;
  private final int length;
  private final double probability;

  FactorDropoutMask(DataType type, int sequences, int length, double probability) {
    this.factors = Nd4j.create(type, sequences, length);
    this.bits = new DropoutBits(length, probability);
    this.length = length;
    this.probability = probability;
  }

  /** (sequences, length). */
  INDArray factors() {
    return factors;
  }

  @Override
  public double probability() {
    return probability;
  }

  @Override
  public void fill(int sequence, long key) {
    int[] packed = bits.draw(key);
    for (int i = 0; i < length; i++) {
      int kept = packed[i / 4] >>> (8 * (i % 4)) & 1;
      factors.putScalar(sequence, i, kept / (1 - probability));
    }
  }
}
