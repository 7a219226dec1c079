package org.kindling.model.decoding;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.ParameterLayout.Parameter;
import org.kindling.model.kernels.Arena;
import org.kindling.model.kernels.FixedMatrix;
import org.kindling.model.kernels.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A GPT's weights as decoding reads them: matrices packed for products, the rest as it is. */
final class FixedWeights {
  private final ParameterLayout layout;
  private long packedBytes;
  private final Kernels kernels;
  private final Arena arena;

  final INDArray tokens;
  final INDArray positions;
  final List<Layer> layers = new ArrayList<>();
  final Norm finalNorm; // null without layer norms
  final Dense head;

  /** A linear layer: matrix (out, in), bias (1, out) or null. */
  record Dense(FixedMatrix matrix, INDArray bias) {}

  /** A layer norm: gain and bias (1, C), bias may be null. */
  record Norm(INDArray gain, INDArray bias) {}

  /** One block's weights; null what the model does not have. */
  record Layer(Norm norm1, Dense toQkv, Dense project, Norm norm2, Dense expand, Dense contract) {}

  /**
   * @param flat the flat vector of P weights; not kept
   * @param kernels own the packed matrices
   * @param arena holds the rest
   */
  FixedWeights(ModelSettings settings, float[] flat, Kernels kernels, Arena arena) {
    this.layout = ParameterLayout.of(settings);
    if (flat.length != layout.size()) {
      throw new IllegalArgumentException(
          "a vector of %d values for %d parameters".formatted(flat.length, layout.size()));
    }
    this.kernels = kernels;
    this.arena = arena;
    this.tokens = copy(flat, layout.get("wte.weight"), arena); // (V, C)
    this.positions = copy(flat, layout.get("wpe.weight"), arena); // (T, C)
    for (int l = 0; l < settings.layers(); l++) {
      String h = "h." + l + ".";
      layers.add(
          new Layer(
              norm(flat, h + "ln_1"),
              dense(flat, h + "attn.c_attn"), // (3C, C)
              dense(flat, h + "attn.c_proj"), // (C, C)
              norm(flat, h + "ln_2"),
              dense(flat, h + "mlp.c_fc"), // (F, C)
              dense(flat, h + "mlp.c_proj"))); // (C, F)
    }
    this.finalNorm = norm(flat, "ln_f");
    this.head = dense(flat, settings.tiedHead() ? "wte" : "lm_head"); // (V, C)
  }

  private Norm norm(float[] flat, String name) {
    if (!layout.has(name + ".weight")) {
      return null;
    }
    return new Norm(copy(flat, layout.get(name + ".weight"), arena), bias(flat, name));
  }

  private Dense dense(float[] flat, String name) {
    if (!layout.has(name + ".weight")) {
      return null;
    }
    Parameter weight = layout.get(name + ".weight");
    FixedMatrix matrix;
    try (Arena staging = new Arena(kernels.type())) {
      matrix = kernels.fixed(copy(flat, weight, staging));
    }
    packedBytes += matrix.bytes();
    return new Dense(matrix, bias(flat, name));
  }

  /** Size of all matrices that are packed. */
  long packedBytes() {
    return packedBytes;
  }

  private INDArray bias(float[] flat, String name) {
    return layout.has(name + ".bias") ? copy(flat, layout.get(name + ".bias"), arena) : null;
  }

  private static INDArray copy(float[] flat, Parameter parameter, Arena into) {
    int rows = parameter.isMatrix() ? parameter.shape().get(0) : 1;
    INDArray array = into.array(rows, parameter.length() / rows);
    new FloatPointer(array.data().addressPointer())
        .put(flat, parameter.offset(), parameter.length());
    return array;
  }
}
