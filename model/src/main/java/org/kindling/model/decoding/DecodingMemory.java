package org.kindling.model.decoding;

import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.ParameterLayout.Parameter;

/**
 * What a decoder holds outside the Java heap, known before it is made. In bytes.
 *
 * @param weights weights, matrices packed
 * @param cache keys and values of all slots
 * @param activations what a pass computes in
 * @param staging the largest matrix as it is before it is packed, which is over before there are a
 *     cache and activations
 */
record DecodingMemory(long weights, long cache, long activations, long staging) {
  /** Packed matrices are filled up to multiples of so many outputs and inputs, or fewer. */
  private static final long OUTPUTS = 64;

  private static final long INPUTS = 16;

  static DecodingMemory of(ModelSettings settings, int slots) {
    if (settings.type() == ModelType.BIGRAM) {
      return new DecodingMemory(0, 0, 0, 0);
    }
    long weights = 0;
    long largest = 0;
    for (Parameter parameter : ParameterLayout.of(settings).parameters()) {
      boolean isTable = parameter.name().startsWith("w"); // wte.weight, wpe.weight
      boolean isPacked = parameter.isMatrix() && !isTable;
      weights += isPacked ? packed(parameter) : parameter.length();
      largest = Math.max(largest, isPacked ? parameter.length() : 0);
    }
    if (settings.tiedHead()) {
      Parameter head = ParameterLayout.of(settings).get("wte.weight");
      weights += packed(head);
      largest = Math.max(largest, head.length());
    }
    long row = 6L * settings.embedding() + settings.feedForwardSize() + settings.vocabulary() + 2;
    long beyond = 4L * settings.embedding();
    return new DecodingMemory(
        Float.BYTES * weights,
        Float.BYTES * KeyValueCache.size(settings, slots),
        Float.BYTES * (RowBuffers.ROWS * (row + beyond) + CachedAttention.size(settings)),
        Float.BYTES * largest);
  }

  private static long packed(Parameter matrix) {
    return roundedUp(matrix.shape().get(0), OUTPUTS) * roundedUp(matrix.shape().get(1), INPUTS);
  }

  private static long roundedUp(long value, long to) {
    return (value + to - 1) / to * to;
  }

  /** At the most. */
  long bytes() {
    return weights + Math.max(cache + activations, staging);
  }
}
