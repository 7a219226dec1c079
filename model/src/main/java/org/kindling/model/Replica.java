package org.kindling.model;

import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.kindling.model.kernels.Arena;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.SingleThread;
import org.kindling.model.layers.Build;
import org.kindling.model.layers.Network;
import org.kindling.model.layers.NetworkMemory;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * One thread's copy of the model, for batches of exactly B sequences of T tokens.
 *
 * <ol>
 *   <li>{@link #load} takes the step's weights, {@link #clearGradients} starts a sum.
 *   <li>{@link #accumulate}, once a micro-batch, adds the gradients of its tokens' losses.
 *   <li>{@link #gradients} copies the sum out.
 *   <li>{@link #losses} and {@link #logits} are forward passes without dropout, at any time after
 *       load.
 *   <li>{@link #close} frees activations and kernels; weights and gradients, which replicas may
 *       share, go with the garbage.
 * </ol>
 *
 * <p>Used by one thread at a time, though not always the same. Once built, a pass allocates
 * nothing.
 */
public final class Replica implements AutoCloseable {
  private final Parameters parameters;
  private final Kernels kernels;
  private final Arena arena;
  private final Network network;
  private final Kernel crossEntropy;
  private final Kernel crossEntropyBackward;
  private final int sequences;
  private final int length;
  private final int vocabulary;
  private final int heads;
  private final int[] ids;
  private final int[] targets;
  private final double[] losses;
  private final long[] dropoutKeys;

  /** A replica with weights of its own for full-length sequences; owns the kernels. */
  public Replica(ModelSettings settings, int sequences, Kernels kernels) {
    this(
        settings,
        new Parameters(ParameterLayout.of(settings), kernels.type()),
        sequences,
        settings.context(),
        kernels);
  }

  /**
   * @param parameters weights, which replicas of several lengths may share
   * @param sequences B
   * @param length T of this replica, at most the settings' context
   * @param kernels closed together with the replica
   */
  public Replica(
      ModelSettings settings, Parameters parameters, int sequences, int length, Kernels kernels) {
    this.parameters = parameters;
    this.kernels = kernels;
    this.sequences = sequences;
    this.length = length;
    this.vocabulary = settings.vocabulary();
    this.heads = settings.heads();
    this.ids = new int[sequences * length];
    this.targets = new int[sequences * length];
    this.losses = new double[sequences * length];
    this.dropoutKeys = new long[sequences];
    SingleThread.enforce();
    this.arena = new Arena(kernels.type());
    try {
      Build build = new Build(settings, parameters, kernels, arena, length, dropoutKeys);
      this.network = Network.of(build, ids);
      this.crossEntropy = kernels.crossEntropy(network.logits(), targets, losses);
      this.crossEntropyBackward = kernels.crossEntropyBackward(network.logits(), targets);
    } catch (Throwable e) { // too little memory, above all; Spark tries again in the same JVM
      close();
      throw e;
    }
  }

  /**
   * What a replica with weights of its own for full-length sequences takes outside the Java heap,
   * in bytes, known before it is made. Floats, and a byte a value of a dropout mask, as oneDNN's
   * kernels have them; what kernels keep to work with comes on top.
   *
   * @param sequences B
   */
  public static long bytes(ModelSettings settings, int sequences) {
    NetworkMemory network = NetworkMemory.of(settings, sequences);
    long parameters = ParameterLayout.of(settings).size();
    return Float.BYTES * (2 * parameters + network.activations()) + network.masked();
  }

  public Parameters parameters() {
    return parameters;
  }

  /** B. */
  public int sequences() {
    return sequences;
  }

  /** T. */
  public int length() {
    return length;
  }

  /** Takes the flat vector of P weights. */
  public void load(float[] weights) {
    requireLength(weights);
    load(weights, weights.length, 0);
  }

  /**
   * Takes a part of the flat vector.
   *
   * @param part begins with values {@code at} to {@code at + count - 1} of P
   */
  public void load(float[] part, int count, int at) {
    Objects.checkFromIndexSize(0, count, part.length);
    Objects.checkFromIndexSize(at, count, parameters.layout().size());
    Pointer weights = parameters.weights().data().addressPointer();
    if (kernels.type() == DataType.FLOAT) {
      new FloatPointer(weights).position(at).put(part, 0, count);
    } else {
      DoublePointer doubles = new DoublePointer(weights);
      for (int i = 0; i < count; i++) {
        doubles.put(at + i, part[i]);
      }
    }
  }

  /** Native memory has no bounds of its own. */
  private void requireLength(float[] vector) {
    if (vector.length != parameters.layout().size()) {
      throw new IllegalArgumentException(
          "a vector of %d values for %d parameters"
              .formatted(vector.length, parameters.layout().size()));
    }
  }

  /** Starts a new sum of gradients. */
  public void clearGradients() {
    Pointer.memset(
        parameters.gradients().data().addressPointer(),
        0,
        parameters.gradients().length() * kernels.type().width());
  }

  /**
   * Adds the gradients of the sum of the tokens' losses.
   *
   * @param inputs (B, T) ids
   * @param expected (B, T) target ids; {@link Kernels#NO_TARGET} counts nothing
   * @param keys a dropout key for each sequence, a function of (seed, step, sequence)
   * @return the sum of the B T losses, in nats
   */
  public double accumulate(int[] inputs, int[] expected, long[] keys) {
    take(inputs, expected);
    System.arraycopy(keys, 0, dropoutKeys, 0, sequences);
    network.forward(true);
    crossEntropy.run();
    crossEntropyBackward.run();
    network.backward();
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    return sum;
  }

  private void take(int[] inputs, int[] expected) {
    SingleThread.enforce();
    System.arraycopy(inputs, 0, ids, 0, ids.length);
    System.arraycopy(expected, 0, targets, 0, targets.length);
  }

  /** Copies the sum of gradients into a flat vector of P values. */
  public void gradients(float[] into) {
    requireLength(into);
    Pointer from = parameters.gradients().data().addressPointer();
    if (kernels.type() == DataType.FLOAT) {
      new FloatPointer(from).get(into, 0, into.length);
    } else {
      DoublePointer doubles = new DoublePointer(from);
      for (int i = 0; i < into.length; i++) {
        into[i] = (float) doubles.get(i);
      }
    }
  }

  /**
   * Each sequence's sum of losses, without dropout and without gradients.
   *
   * @param inputs (B, T) ids
   * @param expected (B, T) target ids; {@link Kernels#NO_TARGET} counts nothing
   * @param sums one for each of the B sequences, in nats
   */
  public void losses(int[] inputs, int[] expected, double[] sums) {
    take(inputs, expected);
    network.forward(false);
    crossEntropy.run();
    for (int b = 0; b < sequences; b++) {
      sums[b] = 0;
      for (int t = 0; t < length; t++) {
        sums[b] += losses[b * length + t];
      }
    }
  }

  /**
   * The logits that follow each row's ids, without dropout.
   *
   * @param inputs (B, T) ids; what comes after {@code position} has no influence
   * @param position index of the last id that counts, the same in all sequences
   * @param into (B, V)
   */
  public void logits(int[] inputs, int position, float[] into) {
    forward(inputs);
    for (int b = 0; b < sequences; b++) {
      long row = (long) b * length + position;
      for (int v = 0; v < vocabulary; v++) {
        into[b * vocabulary + v] = network.logits().getFloat(row, v);
      }
    }
  }

  /**
   * The logits of all positions, without dropout.
   *
   * @param inputs (B, T) ids
   * @return (B T, V)
   */
  public float[][] logits(int[] inputs) {
    forward(inputs);
    return network.logits().toFloatMatrix();
  }

  private void forward(int[] inputs) {
    SingleThread.enforce();
    System.arraycopy(inputs, 0, ids, 0, ids.length);
    network.forward(false);
  }

  /**
   * What the last {@link #logits} or {@link #losses} paid attention to.
   *
   * @param layer 0 to L - 1; a bigram has none
   * @return (B, H, T, T): of a sequence and a head, a row for each token, its probabilities of
   *     tokens 0 to T - 1, those after it 0
   */
  public float[][][][] attention(int layer) {
    float[][][][] probabilities = new float[sequences][heads][length][length];
    network.attention(layer, probabilities);
    return probabilities;
  }

  @Override
  public void close() {
    kernels.close();
    arena.close();
  }
}
