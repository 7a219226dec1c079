package org.kindling.model.kernels;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.kindling.model.kernels.OneDnn.arg;
import static org.kindling.model.kernels.OneDnn.check;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.kindling.model.kernels.OneDnn.Argument;
import org.kindling.model.kernels.OneDnn.Memory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Linear layers on packed weights. With few rows a product takes the time in which its weights come
 * from memory, and that depends on their layout: where oneDNN is asked for its favourite, it names
 * blocks of 64 outputs, which arrive at half the rate of blocks of 32. With many rows both take the
 * same time.
 */
final class OneDnnFixedProduct {
  /** Rows of the product that the layout is chosen for; it serves all others as well. */
  private static final long TYPICAL_ROWS = 64;

  private OneDnnFixedProduct() {}

  static FixedMatrix pack(OneDnn dnn, INDArray weight) {
    long outputs = weight.size(0);
    long inputs = weight.size(1);
    long[] shape = {inputs, outputs};
    Memory plain = dnn.memory(weight, shape, new long[] {1, inputs});
    dnnl_memory_desc layout = layout(dnn, shape);
    long bytes = dnnl_memory_desc_get_size(layout);
    Memory packed = dnn.memory(layout, dnn.allocate(bytes));
    dnnl_primitive_desc reorder = new dnnl_primitive_desc();
    check(
        dnnl_reorder_primitive_desc_create(
            reorder,
            plain.description(),
            dnn.engine(),
            packed.description(),
            dnn.engine(),
            dnn.attributes(null)));
    dnn.bind(reorder, List.of(arg(DNNL_ARG_FROM, plain), arg(DNNL_ARG_TO, packed))).run();
    return new PackedMatrix(packed, bytes);
  }

  /**
   * The layout for a weight matrix of that shape, (in, out): blocks of 32 outputs, input after
   * input, where oneDNN has code of its own for them (it has with AVX2 and AVX-512), and elsewhere
   * the one that it would like.
   */
  private static dnnl_memory_desc layout(OneDnn dnn, long[] shape) {
    dnnl_memory_desc blocks = dnn.describe(shape, dnnl_BA16a32b);
    dnnl_primitive_desc onBlocks = typicalProduct(dnn, shape, blocks);
    if (OneDnn.implementation(onBlocks).startsWith("brg")) {
      return blocks;
    }
    dnnl_primitive_desc free = typicalProduct(dnn, shape, dnn.describe(shape, dnnl_format_tag_any));
    return dnn.copy(
        new dnnl_memory_desc(dnnl_primitive_desc_query_md(free, dnnl_query_weights_md, 0)));
  }

  private static dnnl_primitive_desc typicalProduct(
      OneDnn dnn, long[] shape, dnnl_memory_desc weights) {
    dnnl_memory_desc x = rows(dnn, TYPICAL_ROWS, shape[0]);
    dnnl_memory_desc y = rows(dnn, TYPICAL_ROWS, shape[1]);
    dnnl_primitive_desc description = dnn.matmul(x, weights, null, y, dnn.attributes(null));
    dnn.destroyLater(description);
    return description;
  }

  private static dnnl_memory_desc rows(OneDnn dnn, long rows, long columns) {
    return dnn.describe(new long[] {rows, columns}, dnnl_ab);
  }

  static Kernel bind(OneDnn dnn, FixedProduct p) {
    PackedMatrix weight = (PackedMatrix) p.weight();
    Memory x = dnn.memory(p.x());
    Memory y = dnn.memory(p.y());
    List<Argument> arguments =
        new ArrayList<>(
            List.of(
                arg(DNNL_ARG_SRC, x),
                arg(DNNL_ARG_WEIGHTS, weight.memory()),
                arg(DNNL_ARG_DST, y)));
    Memory bias = p.bias() == null ? null : dnn.memory(p.bias());
    if (bias != null) {
      arguments.add(arg(DNNL_ARG_BIAS, bias));
    }
    dnnl_post_ops post = dnn.postOps();
    if (p.activation() != null) {
      check(dnnl_post_ops_append_eltwise(post, OneDnnKernels.algorithm(p.activation()), 0, 0));
    }
    if (p.accumulate()) {
      check(dnnl_post_ops_append_sum(post, 1, 0, dnnl_data_type_undef));
    }
    dnnl_memory_desc layout = weight.memory().description();
    return dnn.bind(
        dnn.matmul(x.description(), layout, bias, y.description(), dnn.attributes(post)),
        arguments);
  }
}
