package org.kindling.model.kernels;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.kindling.model.kernels.OneDnn.arg;
import static org.kindling.model.kernels.OneDnn.check;
import static org.kindling.model.kernels.OneDnn.postArg;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_version_t;
import org.kindling.model.Activation;
import org.kindling.model.kernels.OneDnn.Argument;
import org.kindling.model.kernels.OneDnn.Memory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The fast kernels: oneDNN primitives that work directly on ND4J's memory, 32-bit floats. */
public final class OneDnnKernels implements Kernels {
  private final OneDnn dnn = new OneDnn();

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
  public Kernel product(Product p) {
    if (p.isBatched() && hasVectors(p)) {
      return matrixByMatrix(p);
    }
    int[] kept = keptDimensions(p.c());
    Memory a = matrices(p.a(), kept);
    Memory b = matrices(p.b(), kept);
    Memory c = matrices(p.c(), kept);
    List<Argument> arguments =
        new ArrayList<>(
            List.of(arg(DNNL_ARG_SRC, a), arg(DNNL_ARG_WEIGHTS, b), arg(DNNL_ARG_DST, c)));
    Memory bias = null;
    if (p.bias() != null) {
      bias = dnn.memory(p.bias());
      arguments.add(arg(DNNL_ARG_BIAS, bias));
    }
    // oneDNN adds the bias first and then applies these in order, which is the order that Product
    // promises.
    dnnl_post_ops post = dnn.postOps();
    int index = 0;
    double scale = p.dropout() == null ? p.scale() : p.scale() / (1 - p.dropout().probability());
    if (scale != 1) {
      check(dnnl_post_ops_append_eltwise(post, dnnl_eltwise_linear, (float) scale, 0));
      index++;
    }
    if (p.dropout() != null) {
      Memory mask = mask(p.dropout(), pick(p.c().shape(), kept));
      check(dnnl_post_ops_append_binary(post, dnnl_binary_mul, mask.description()));
      arguments.add(postArg(index++, mask));
    }
    if (p.add() != null) {
      Memory add = matrices(p.add(), kept);
      check(dnnl_post_ops_append_binary(post, dnnl_binary_add, add.description()));
      arguments.add(postArg(index++, add));
    }
    if (p.accumulate()) {
      check(dnnl_post_ops_append_sum(post, 1, 0, dnnl_data_type_undef));
    }
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_matmul_primitive_desc_create(
            description,
            dnn.engine(),
            a.description(),
            b.description(),
            bias == null ? null : bias.description(),
            c.description(),
            dnn.attributes(post)));
    return dnn.bind(description, arguments);
  }

  private static boolean hasVectors(Product p) {
    return p.a().size(-2) == 1 || p.a().size(-1) == 1 || p.b().size(-1) == 1;
  }

  /**
   * Batches of vectors, such as attention over 65 tokens makes, come out wrong in oneDNN 3.11; one
   * by one they are right.
   */
  private Kernel matrixByMatrix(Product p) {
    List<Kernel> products = p.matrices().stream().map(this::product).toList();
    return () -> products.forEach(Kernel::run);
  }

  /**
   * The last two dimensions, and batch dimensions of more than one matrix. The stride of a
   * dimension of size 1 means nothing, but oneDNN 3.11 computes wrong products for some values of
   * it, without an error; so it does not get to see such batch dimensions.
   */
  private static int[] keptDimensions(INDArray c) {
    return IntStream.range(0, c.rank()).filter(d -> d >= c.rank() - 2 || c.size(d) > 1).toArray();
  }

  private Memory matrices(INDArray x, int[] kept) {
    return dnn.memory(x, pick(x.shape(), kept), pick(x.stride(), kept));
  }

  private static long[] pick(long[] values, int[] indices) {
    return Arrays.stream(indices).mapToLong(i -> values[i]).toArray();
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
  public Kernel layerNorm(
      INDArray x, INDArray gain, INDArray bias, INDArray y, INDArray mean, INDArray variance) {
    Memory in = dnn.memory(x);
    Memory out = dnn.memory(y);
    Memory means = vector(mean);
    Memory variances = vector(variance);
    List<Argument> arguments =
        new ArrayList<>(
            List.of(
                arg(DNNL_ARG_SRC, in),
                arg(DNNL_ARG_DST, out),
                arg(DNNL_ARG_MEAN, means),
                arg(DNNL_ARG_VARIANCE, variances),
                arg(DNNL_ARG_SCALE, vector(gain))));
    if (bias != null) {
      arguments.add(arg(DNNL_ARG_SHIFT, vector(bias)));
    }
    return dnn.bind(layerNormForward(in, out, means, bias != null), arguments);
  }

  private dnnl_primitive_desc layerNormForward(Memory x, Memory y, Memory mean, boolean bias) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_layer_normalization_forward_primitive_desc_create(
            description,
            dnn.engine(),
            dnnl_forward_training,
            x.description(),
            y.description(),
            mean.description(),
            (float) EPSILON,
            normFlags(bias),
            dnn.attributes(null)));
    return description;
  }

  private static int normFlags(boolean bias) {
    return bias ? dnnl_use_scale | dnnl_use_shift : dnnl_use_scale;
  }

  @Override
  public Kernel layerNormBackward(
      INDArray x,
      INDArray gain,
      INDArray mean,
      INDArray variance,
      INDArray dy,
      INDArray dx,
      INDArray dGain,
      INDArray dBias) {
    boolean hasBias = dBias != null;
    Memory in = dnn.memory(x);
    Memory gradient = dnn.memory(dy);
    Memory result = dnn.memory(dx);
    Memory means = vector(mean);
    // oneDNN overwrites these two; ours add to what earlier micro-batches left.
    INDArray freshGain = Nd4j.create(DataType.FLOAT, gain.shape());
    INDArray freshBias = hasBias ? Nd4j.create(DataType.FLOAT, gain.shape()) : null;
    List<Argument> arguments =
        new ArrayList<>(
            List.of(
                arg(DNNL_ARG_SRC, in),
                arg(DNNL_ARG_DIFF_DST, gradient),
                arg(DNNL_ARG_DIFF_SRC, result),
                arg(DNNL_ARG_MEAN, means),
                arg(DNNL_ARG_VARIANCE, vector(variance)),
                arg(DNNL_ARG_SCALE, vector(gain)),
                arg(DNNL_ARG_DIFF_SCALE, vector(freshGain))));
    if (hasBias) {
      arguments.add(arg(DNNL_ARG_DIFF_SHIFT, vector(freshBias)));
    }
    dnnl_primitive_desc forward = layerNormForward(in, in, means, hasBias);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_layer_normalization_backward_primitive_desc_create(
            description,
            dnn.engine(),
            dnnl_backward,
            result.description(),
            gradient.description(),
            in.description(),
            means.description(),
            (float) EPSILON,
            normFlags(hasBias),
            forward,
            dnn.attributes(null)));
    dnnl_primitive_desc_destroy(forward);
    Kernel backward = dnn.bind(description, arguments);
    Kernel addGain = add(freshGain, dGain);
    Kernel addBias = hasBias ? add(freshBias, dBias) : () -> {};
    return () -> {
      backward.run();
      addGain.run();
      addBias.run();
    };
  }

  /** A row or column as oneDNN's one-dimensional array. */
  private Memory vector(INDArray array) {
    return dnn.memory(array, new long[] {array.length()}, new long[] {1});
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

  private static int algorithm(Activation activation) {
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
    return new ByteDropoutMask(sequences, length, probability);
  }

  @Override
  public Kernel dropout(INDArray x, DropoutMask mask, INDArray y) {
    dnnl_post_ops scaled = dnn.postOps();
    float scale = (float) (1 / (1 - mask.probability()));
    check(dnnl_post_ops_append_eltwise(scaled, dnnl_eltwise_linear, scale, 0));
    return binary(dnnl_binary_mul, dnn.memory(x), mask(mask, x.shape()), dnn.memory(y), scaled);
  }

  /** The bytes of a mask, seen in the contiguous shape of the array it applies to. */
  private Memory mask(DropoutMask mask, long[] shape) {
    long[] stride = new long[shape.length];
    Arrays.fill(stride, 1);
    for (int d = shape.length - 2; d >= 0; d--) {
      stride[d] = stride[d + 1] * shape[d + 1];
    }
    dnn.retain(mask);
    return dnn.memory(((ByteDropoutMask) mask).bytes(), dnnl_u8, shape, stride);
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
    FloatBuffer logProbabilities = FloatEmbedding.floats(logits);
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
    FloatBuffer gradient = FloatEmbedding.floats(logProbabilities);
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
