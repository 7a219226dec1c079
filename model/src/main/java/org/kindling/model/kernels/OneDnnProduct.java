package org.kindling.model.kernels;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.kindling.model.kernels.OneDnn.arg;
import static org.kindling.model.kernels.OneDnn.check;
import static org.kindling.model.kernels.OneDnn.postArg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.kindling.model.kernels.OneDnn.Argument;
import org.kindling.model.kernels.OneDnn.Memory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@link Product} as one oneDNN primitive: bias, scale, dropout, addition and accumulation happen
 * on the tile just computed.
 */
final class OneDnnProduct {
  private OneDnnProduct() {}

  /** A primitive and those of its arguments that may move. */
  private record Bound(Kernel kernel, Memory a, Memory b, Memory c) {}

  /** The product's primitive with everything that is fused into it. */
  static Kernel bind(OneDnn dnn, Product p) {
    if (p.isBatched() && hasVectors(p)) {
      return matrixByMatrix(dnn, p);
    }
    return bound(dnn, p).kernel;
  }

  /** The same, with arrays that lie elsewhere at each run. */
  static MovingProduct bindMoving(OneDnn dnn, Product p) {
    if (p.isBatched() && hasVectors(p)) {
      List<MovingProduct> products = p.matrices().stream().map(m -> bindMoving(dnn, m)).toList();
      return (a, b, c) -> products.forEach(product -> product.run(a, b, c));
    }
    Bound bound = bound(dnn, p);
    OneDnnMover a = new OneDnnMover(bound.a, p.a());
    OneDnnMover b = new OneDnnMover(bound.b, p.b());
    OneDnnMover c = new OneDnnMover(bound.c, p.c());
    return (toA, toB, toC) -> {
      a.move(toA);
      b.move(toB);
      c.move(toC);
      bound.kernel.run();
    };
  }

  private static Bound bound(OneDnn dnn, Product p) {
    int[] kept = keptDimensions(p.c());
    Memory a = matrices(dnn, p.a(), kept);
    Memory b = matrices(dnn, p.b(), kept);
    Memory c = matrices(dnn, p.c(), kept);
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
      Memory mask = ((ByteDropoutMask) p.dropout()).memory(dnn, pick(p.c().shape(), kept));
      check(dnnl_post_ops_append_binary(post, dnnl_binary_mul, mask.description()));
      arguments.add(postArg(index++, mask));
    }
    if (p.add() != null) {
      Memory add = matrices(dnn, p.add(), kept);
      check(dnnl_post_ops_append_binary(post, dnnl_binary_add, add.description()));
      arguments.add(postArg(index++, add));
    }
    if (p.accumulate()) {
      check(dnnl_post_ops_append_sum(post, 1, 0, dnnl_data_type_undef));
    }
    dnnl_primitive_desc description =
        dnn.matmul(a.description(), b.description(), bias, c.description(), dnn.attributes(post));
    return new Bound(dnn.bind(description, arguments), a, b, c);
  }

  private static boolean hasVectors(Product p) {
    return p.a().size(-2) == 1 || p.a().size(-1) == 1 || p.b().size(-1) == 1;
  }

  /**
   * Batches of vectors, such as attention over 65 tokens makes, come out wrong in oneDNN 3.11; one
   * by one they are right.
   */
  private static Kernel matrixByMatrix(OneDnn dnn, Product p) {
    List<Kernel> products = p.matrices().stream().map(matrix -> bind(dnn, matrix)).toList();
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

  private static Memory matrices(OneDnn dnn, INDArray x, int[] kept) {
    return dnn.memory(x, pick(x.shape(), kept), pick(x.stride(), kept));
  }

  private static long[] pick(long[] values, int[] indices) {
    return Arrays.stream(indices).mapToLong(i -> values[i]).toArray();
  }
}
