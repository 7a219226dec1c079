package org.kindling.model.kernels;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.kindling.model.kernels.OneDnn.arg;
import static org.kindling.model.kernels.OneDnn.check;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.kindling.model.kernels.OneDnn.Argument;
import org.kindling.model.kernels.OneDnn.Memory;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Layer norm as oneDNN primitives. */
final class OneDnnLayerNorm {
  private final OneDnn dnn;
  private final Memory x;
  private final Memory gain;
  private final Memory bias; // null where the model has none
  private final Memory mean;
  private final Memory variance;

  OneDnnLayerNorm(OneDnn dnn, LayerNormArrays arrays) {
    this.dnn = dnn;
    this.x = dnn.memory(arrays.x());
    this.gain = vector(arrays.gain());
    this.bias = arrays.bias() == null ? null : vector(arrays.bias());
    this.mean = vector(arrays.mean());
    this.variance = vector(arrays.variance());
  }

  /** Writes y (N, C), mean and variance. */
  Kernel forward(INDArray y) {
    Memory out = dnn.memory(y);
    List<Argument> arguments =
        new ArrayList<>(
            List.of(
                arg(DNNL_ARG_SRC, x),
                arg(DNNL_ARG_DST, out),
                arg(DNNL_ARG_MEAN, mean),
                arg(DNNL_ARG_VARIANCE, variance),
                arg(DNNL_ARG_SCALE, gain)));
    if (bias != null) {
      arguments.add(arg(DNNL_ARG_SHIFT, bias));
    }
    return dnn.bind(describeForward(out), arguments);
  }

  private dnnl_primitive_desc describeForward(Memory y) {
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_layer_normalization_forward_primitive_desc_create(
            description,
            dnn.engine(),
            dnnl_forward_training,
            x.description(),
            y.description(),
            mean.description(),
            (float) Kernels.EPSILON,
            flags(),
            dnn.attributes(null)));
    return description;
  }

  private int flags() {
    return bias == null ? dnnl_use_scale : dnnl_use_scale | dnnl_use_shift;
  }

  /** Overwrites dx (N, C), dGain and, with a bias, dBias. */
  Kernel backward(INDArray dy, INDArray dx, INDArray dGain, INDArray dBias) {
    Memory gradient = dnn.memory(dy);
    Memory result = dnn.memory(dx);
    List<Argument> arguments =
        new ArrayList<>(
            List.of(
                arg(DNNL_ARG_SRC, x),
                arg(DNNL_ARG_DIFF_DST, gradient),
                arg(DNNL_ARG_DIFF_SRC, result),
                arg(DNNL_ARG_MEAN, mean),
                arg(DNNL_ARG_VARIANCE, variance),
                arg(DNNL_ARG_SCALE, gain),
                arg(DNNL_ARG_DIFF_SCALE, vector(dGain))));
    if (bias != null) {
      arguments.add(arg(DNNL_ARG_DIFF_SHIFT, vector(dBias)));
    }
    dnnl_primitive_desc forward = describeForward(x);
    dnnl_primitive_desc description = new dnnl_primitive_desc();
    check(
        dnnl_layer_normalization_backward_primitive_desc_create(
            description,
            dnn.engine(),
            dnnl_backward,
            result.description(),
            gradient.description(),
            x.description(),
            mean.description(),
            (float) Kernels.EPSILON,
            flags(),
            forward,
            dnn.attributes(null)));
    dnnl_primitive_desc_destroy(forward);
    return dnn.bind(description, arguments);
  }

  /** A row or column as oneDNN's one-dimensional array. */
  private Memory vector(INDArray array) {
    return dnn.memory(array, new long[] {array.length()}, new long[] {1});
  }
}
