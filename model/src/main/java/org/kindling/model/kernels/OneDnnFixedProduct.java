package org.kindling.model.kernels;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.kindling.model.kernels.OneDnn.arg;
import static org.kindling.model.kernels.OneDnn.check;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.Pointer;
import org.kindling.model.kernels.OneDnn.Argument;
import org.kindling.model.kernels.OneDnn.Memory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Linear layers on packed weights. With few rows a product takes the time in which its weights are
 * read; two rows of 384 by 1,536 weights take 33 us packed and 81 us as they lie in the model.
 */
final class OneDnnFixedProduct {
  /** Rows of the product that the layout is chosen for; it serves all others as well. */
  private static final long TYPICAL_ROWS = 64;

  /** Up to so many rows, products wait for memory; with more, it keeps up with them. */
  private static final long FEW_ROWS = 4;

  private OneDnnFixedProduct() {}

  static FixedMatrix pack(OneDnn dnn, INDArray weight) {
    long outputs = weight.size(0);
    long inputs = weight.size(1);
    long[] shape = {inputs, outputs};
    Memory plain = dnn.memory(weight, shape, new long[] {1, inputs});
    dnnl_memory_desc layout = dnn.copy(layout(dnn, shape));
    long bytes = dnnl_memory_desc_get_size(layout);
    Pointer block = dnn.allocate(bytes);
    Memory packed = dnn.memory(layout, block);
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
    boolean hasBuffer = bytes <= Integer.MAX_VALUE;
    return new PackedMatrix(packed, bytes, hasBuffer ? new Prefetch(block, bytes) : () -> {});
  }

  /** The layout in which oneDNN would like a weight matrix of that shape, (in, out). */
  private static dnnl_memory_desc layout(OneDnn dnn, long[] shape) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_matmul_primitive_desc_create(
            description,
            dnn.engine(),
            rows(dnn, TYPICAL_ROWS, shape[0]),
            dnn.describe(shape, dnnl_format_tag_any),
            null,
            rows(dnn, TYPICAL_ROWS, shape[1]),
            dnn.attributes(null)));
    dnn.destroyLater(description);
    return new dnnl_memory_desc(
        dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0));
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
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_matmul_primitive_desc_create(
            description,
            dnn.engine(),
            x.description(),
            weight.memory().description(),
            bias == null ? null : bias.description(),
            y.description(),
            dnn.attributes(post)));
    Kernel product = dnn.bind(description, arguments);
    if (p.x().size(0) > FEW_ROWS) {
      return product;
    }
    Kernel prefetch = weight.prefetch();
    return () -> {
      prefetch.run();
      product.run();
    };
  }
}
