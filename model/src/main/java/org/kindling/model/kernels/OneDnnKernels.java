package org.kindling.model.kernels;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.kindling.model.kernels.OneDnn.arg;
import static org.kindling.model.kernels.OneDnn.check;

import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.javacpp.Pointer;
import org.kindling.model.Activation;
import org.kindling.model.kernels.OneDnn.Memory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The fast kernels: oneDNN primitives that work directly on ND4J's memory, 32-bit floats. Where
 * {@link Product#zeros} expects many zeros, {@link SkippingProduct} computes instead.
 */
public final class OneDnnKernels implements Kernels {
  private static final double NEVER = 0;

  /**
   * The share of work left below which {@link SkippingProduct} is faster. With half of the values
   * zero it takes 0.8 of oneDNN's time for 1024 x 1536 x 384 on AMD's Zen 4; with 80% less than
   * half.
   */
  public static final double WHERE_FASTER = 0.6;

  private final OneDnn dnn = new OneDnn();
  private final double skipBelow;
  private final ScaledRows space;

  /** Multiplies by zeros, too. */
  public OneDnnKernels() {
    this(NEVER);
  }

  /**
   * @param skipBelow share of a product's work, such as {@link #WHERE_FASTER}, below which the rest
   *     is skipped; above 0, this needs Java's module {@code jdk.incubator.vector}
   */
  public OneDnnKernels(double skipBelow) {
    this.skipBelow = skipBelow;
    this.space = skipBelow == NEVER ? null : new ScaledRows();
  }

  /**
   * What kernels that skip a model's zeros keep on the Java heap, in bytes.
   *
   * @param wide F, inner size of a feed-forward layer
   * @param embedding C
   */
  public static long bytesToSkip(int wide, int embedding) {
    return SkippingProduct.bytes(wide, embedding);
  }

  @Override
  public String describe() {
    dnnl_version_t version = dnnl_version();
    return "oneDNN %d.%d.%d".formatted(version.major(), version.minor(), version.patch());
  }

  @Override
  public DataType type() {
    return DataType.FLOAT;
  }

  @Override
  public Kernel product(Product product) {
    Kernel dense = OneDnnProduct.bind(dnn, product);
    return skipBelow > NEVER && product.zeros() != null && SkippingProduct.fits(product)
        ? skipping(product, dense)
        : dense;
  }

  /** Which of the two computes depends on a's values alone, so that the same step is so again. */
  private Kernel skipping(Product product, Kernel dense) {
    SkippingProduct skipping = new SkippingProduct(product, space);
    INDArray c = product.c();
    Kernel drop = product.dropout() == null ? () -> {} : dropout(c, product.dropout(), c);
    Kernel add = product.add() == null ? () -> {} : add(product.add(), c);
    return () -> {
      if (skipping.work() < skipBelow) {
        skipping.run();
        drop.run();
        add.run();
      } else {
        dense.run();
      }
    };
  }

  @Override
  public MovingProduct movingProduct(Product product) {
    return OneDnnProduct.bindMoving(dnn, product);
  }

  @Override
  public FixedMatrix fixed(INDArray weight) {
    return OneDnnFixedProduct.pack(dnn, weight);
  }

  @Override
  public Kernel fixedProduct(FixedProduct product) {
    return OneDnnFixedProduct.bind(dnn, product);
  }

  /** A product with a row of ones: oneDNN's own reduction is over a hundred times slower here. */
  @Override
  public Kernel addRowSums(INDArray x, INDArray sum) {
    INDArray ones = Nd4j.ones(DataType.FLOAT, 1, x.rows());
    return product(Product.of(ones, x, sum).accumulated());
  }

  @Override
  public Kernel add(INDArray x, INDArray into) {
    return binary(dnnl_binary_add, dnn.memory(into), dnn.memory(x), dnn.memory(into), null);
  }

  @Override
  public Kernel copy(INDArray x, INDArray into) {
    Memory from = dnn.memory(x);
    Memory to = dnn.memory(into);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_reorder_primitive_desc_create(
            description,
            from.description(),
            dnn.engine(),
            to.description(),
            dnn.engine(),
            dnn.attributes(null)));
    return dnn.bind(description, List.of(arg(DNNL_ARG_FROM, from), arg(DNNL_ARG_TO, to)));
  }

  private Kernel binary(int operation, Memory x, Memory y, Memory result, dnnl_post_ops post) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_binary_primitive_desc_create(
            description,
            dnn.engine(),
            operation,
            x.description(),
            y.description(),
            result.description(),
            dnn.attributes(post)));
    return dnn.bind(
        description,
        List.of(arg(DNNL_ARG_SRC_0, x), arg(DNNL_ARG_SRC_1, y), arg(DNNL_ARG_DST, result)));
  }

  @Override
  public Kernel layerNorm(LayerNormArrays arrays, INDArray y) {
    return new OneDnnLayerNorm(dnn, arrays).forward(y);
  }

  @Override
  public Kernel layerNormBackward(
      LayerNormArrays arrays, INDArray dy, INDArray dx, INDArray dGain, INDArray dBias) {
    // oneDNN overwrites these two; ours add to what earlier micro-batches left.
    INDArray freshGain = Nd4j.create(DataType.FLOAT, dGain.shape());
    INDArray freshBias = Nd4j.create(DataType.FLOAT, dGain.shape());
    Kernel backward = new OneDnnLayerNorm(dnn, arrays).backward(dy, dx, freshGain, freshBias);
    Kernel addGain = add(freshGain, dGain);
    Kernel addBias = dBias == null ? () -> {} : add(freshBias, dBias);
    return () -> {
      backward.run();
      addGain.run();
      addBias.run();
    };
  }

  @Override
  public Kernel activation(Activation activation, INDArray x, INDArray y) {
    Memory in = dnn.memory(x);
    Memory out = dnn.memory(y);
    return dnn.bind(
        activationForward(activation, in, out),
        List.of(arg(DNNL_ARG_SRC, in), arg(DNNL_ARG_DST, out)));
  }

  private dnnl_primitive_desc activationForward(Activation activation, Memory x, Memory y) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_eltwise_forward_primitive_desc_create(
            description,
            dnn.engine(),
            dnnl_forward_training,
            algorithm(activation),
            x.description(),
            y.description(),
            0,
            0,
            dnn.attributes(null)));
    return description;
  }

  static int algorithm(Activation activation) {
    return switch (activation) {
      case RELU -> dnnl_eltwise_relu;
      case GELU -> dnnl_eltwise_gelu_erf;
      case GELU_TANH -> dnnl_eltwise_gelu_tanh;
    };
  }

  @Override
  public Kernel activationBackward(Activation activation, INDArray x, INDArray dy) {
    Memory in = dnn.memory(x);
    Memory gradient = dnn.memory(dy);
    dnnl_primitive_desc forward = activationForward(activation, in, in);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_eltwise_backward_primitive_desc_create(
            description,
            dnn.engine(),
            algorithm(activation),
            gradient.description(),
            gradient.description(),
            in.description(),
            0,
            0,
            forward,
            dnn.attributes(null)));
    dnnl_primitive_desc_destroy(forward);
    return dnn.bind(
        description,
        List.of(
            arg(DNNL_ARG_SRC, in),
            arg(DNNL_ARG_DIFF_DST, gradient),
            arg(DNNL_ARG_DIFF_SRC, gradient)));
  }

  @Override
  public Kernel softmax(INDArray x) {
    Memory rows = rows(x);
    return dnn.bind(
        softmaxForward(rows, dnnl_softmax_accurate),
        List.of(arg(DNNL_ARG_SRC, rows), arg(DNNL_ARG_DST, rows)));
  }

  private dnnl_primitive_desc softmaxForward(Memory rows, int algorithm) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_softmax_forward_primitive_desc_create(
            description,
            dnn.engine(),
            dnnl_forward_training,
            algorithm,
            rows.description(),
            rows.description(),
            1,
            dnn.attributes(null)));
    return description;
  }

  @Override
  public Kernel softmaxBackward(INDArray p, INDArray dp) {
    Memory probabilities = rows(p);
    Memory gradient = rows(dp);
    dnnl_primitive_desc forward = softmaxForward(probabilities, dnnl_softmax_accurate);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_softmax_backward_primitive_desc_create(
            description,
            dnn.engine(),
            dnnl_softmax_accurate,
            gradient.description(),
            gradient.description(),
            probabilities.description(),
            1,
            forward,
            dnn.attributes(null)));
    dnnl_primitive_desc_destroy(forward);
    return dnn.bind(
        description,
        List.of(
            arg(DNNL_ARG_DST, probabilities),
            arg(DNNL_ARG_DIFF_DST, gradient),
            arg(DNNL_ARG_DIFF_SRC, gradient)));
  }

  /** A contiguous array of any dimensions as (rows, last dimension). */
  private Memory rows(INDArray array) {
    long columns = array.size(-1);
    return dnn.memory(
        array, new long[] {array.length() / columns, columns}, new long[] {columns, 1});
  }

  @Override
  public DropoutMask mask(int sequences, int length, double probability) {
    Pointer memory = dnn.allocate((long) sequences * length);
    return new ByteDropoutMask(memory, sequences, length, probability);
  }

  @Override
  public Kernel dropout(INDArray x, DropoutMask mask, INDArray y) {
    dnnl_post_ops scaled = dnn.postOps();
    float scale = (float) (1 / (1 - mask.probability()));
    check(dnnl_post_ops_append_eltwise(scaled, dnnl_eltwise_linear, scale, 0));
    return binary(
        dnnl_binary_mul,
        dnn.memory(x),
        ((ByteDropoutMask) mask).memory(dnn, x.shape()),
        dnn.memory(y),
        scaled);
  }

  @Override
  public Kernel embedding(int[] ids, INDArray table, INDArray positions, INDArray x) {
    return floatEmbedding(ids, table, positions, x)::gather;
  }

  @Override
  public Kernel embeddingBackward(int[] ids, INDArray dx, INDArray dTable, INDArray dPositions) {
    return floatEmbedding(ids, dTable, dPositions, dx)::scatterAdd;
  }

  private FloatEmbedding floatEmbedding(int[] ids, INDArray table, INDArray positions, INDArray x) {
    dnn.retain(table);
    dnn.retain(positions);
    dnn.retain(x);
    return new FloatEmbedding(ids, table, positions, x);
  }

  @Override
  public Kernel crossEntropy(INDArray logits, int[] targets, double[] losses) {
    Memory rows = rows(logits);
    Kernel logSoftmax =
        dnn.bind(
            softmaxForward(rows, dnnl_softmax_log),
            List.of(arg(DNNL_ARG_SRC, rows), arg(DNNL_ARG_DST, rows)));
    FloatBuffer logProbabilities = RowMajor.floats(logits);
    int vocabulary = logits.columns();
    return () -> {
      logSoftmax.run();
      for (int n = 0; n < targets.length; n++) {
        losses[n] =
            targets[n] == NO_TARGET ? 0 : -logProbabilities.get(n * vocabulary + targets[n]);
      }
    };
  }

  @Override
  public Kernel crossEntropyBackward(INDArray logProbabilities, int[] targets) {
    Memory rows = rows(logProbabilities);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_eltwise_forward_primitive_desc_create(
            description,
            dnn.engine(),
            dnnl_forward_inference,
            dnnl_eltwise_exp,
            rows.description(),
            rows.description(),
            0,
            0,
            dnn.attributes(null)));
    Kernel exp = dnn.bind(description, List.of(arg(DNNL_ARG_SRC, rows), arg(DNNL_ARG_DST, rows)));
    FloatBuffer gradient = RowMajor.floats(logProbabilities);
    int vocabulary = logProbabilities.columns();
    float[] zeros = new float[vocabulary];
    return () -> {
      exp.run();
      for (int n = 0; n < targets.length; n++) {
        int row = n * vocabulary;
        if (targets[n] == NO_TARGET) {
          gradient.put(row, zeros);
        } else {
          int at = row + targets[n];
          gradient.put(at, gradient.get(at) - 1);
        }
      }
    };
  }

  @Override
  public void close() {
    dnn.close();
  }
}
