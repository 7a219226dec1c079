package org.kindling.model.kernels;

import org.kindling.model.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes the operations a replica consists of, each bound to its arrays. B sequences of T tokens, N
 * = B T rows, C columns, V vocabulary. Arrays may be strided views where {@link Product} says so,
 * and are contiguous rows elsewhere.
 *
 * <p>A backward kernel ADDS to gradients of parameters, so that micro-batches accumulate, and
 * OVERWRITES gradients of activations.
 */
public interface Kernels extends AutoCloseable {
  /** Which implementation this is, for the log: {@code oneDNN 3.11.0}. */
  String describe();

  /** Type of every array given. */
  DataType type();

  /** The product, with bias, dropout and addition in the same pass. */
  Kernel product(Product product);

  /** The product, without dropout, of a, b and c that lie elsewhere at each run. */
  MovingProduct movingProduct(Product product);

  /**
   * A copy of a weight matrix for {@link #fixedProduct}.
   *
   * @param weight (out, in), contiguous
   */
  FixedMatrix fixed(INDArray weight);

  /** A linear layer on such a copy, with bias, activation and addition in the same pass. */
  Kernel fixedProduct(FixedProduct product);

  /** sum (1, C) += the sum of x's (N, C) rows: the gradient of a bias. */
  Kernel addRowSums(INDArray x, INDArray sum);

  /** into += x, shapes alike. */
  Kernel add(INDArray x, INDArray into);

  /** into = x, contiguous, shapes alike. */
  Kernel copy(INDArray x, INDArray into);

  /**
   * y = (x - mean) / sqrt(variance + 1e-5) gain + bias for each row (Ba et al., arXiv:1607.06450).
   *
   * @param y (N, C)
   */
  Kernel layerNorm(LayerNormArrays arrays, INDArray y);

  /** dx from dy (N, C); dGain and dBias (1, C; null without bias) are added to. */
  Kernel layerNormBackward(
      LayerNormArrays arrays, INDArray dy, INDArray dx, INDArray dGain, INDArray dBias);

  /** y = activation(x), (N, C). */
  Kernel activation(Activation activation, INDArray x, INDArray y);

  /** dy becomes dx: dy *= activation'(x). */
  Kernel activationBackward(Activation activation, INDArray x, INDArray dy);

  /** Each row of x becomes its softmax. Any contiguous array; rows are its last dimension. */
  Kernel softmax(INDArray x);

  /** dp becomes the gradient at the softmax's input: p (dp - sum(p dp)) for each row. */
  Kernel softmaxBackward(INDArray p, INDArray dp);

  /** A mask over an array of {@code sequences} stretches of {@code length} values. */
  DropoutMask mask(int sequences, int length, double probability);

  /** y = x mask / (1 - probability), shapes alike; y may be x. Its own backward pass. */
  Kernel dropout(INDArray x, DropoutMask mask, INDArray y);

  /**
   * Row n of x becomes table[ids[n]] + positions[n mod T].
   *
   * @param ids N ids, read at each run
   * @param table (V, C)
   * @param positions (T, C), or null for none
   * @param x (N, C)
   */
  Kernel embedding(int[] ids, INDArray table, INDArray positions, INDArray x);

  /** dTable[ids[n]] += dx[n] and dPositions[n mod T] += dx[n], in order of n. */
  Kernel embeddingBackward(int[] ids, INDArray dx, INDArray dTable, INDArray dPositions);

  /**
   * logits (N, V) become log-probabilities; losses[n] = -log p(targets[n]) in nats, 0 where the
   * target is {@link #NO_TARGET}.
   */
  Kernel crossEntropy(INDArray logits, int[] targets, double[] losses);

  /**
   * Log-probabilities (N, V) become the gradient of the sum of losses at the logits: p -
   * onehot(target), 0 without a target.
   */
  Kernel crossEntropyBackward(INDArray logProbabilities, int[] targets);

  /** The target of a position that only fills up a batch. */
  int NO_TARGET = -1;

  /** Layer norm's epsilon, in all variants. */
  double EPSILON = 1e-5;

  /** Frees native memory; kernels made here must not run afterwards. */
  @Override
  void close();
}
