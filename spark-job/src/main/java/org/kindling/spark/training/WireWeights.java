package org.kindling.spark.training;

import org.kindling.spark.settings.WireType;

/**
 * A step's weights as its tasks receive them: rounded on the driver where the wire rounds, so that
 * tasks in the driver's own JVM compute with the same bits as others.
 */
final class WireWeights {
  private final WireType wire;

  /** Null until it is needed. */
  private float[] rounded;

  WireWeights(WireType wire) {
    this.wire = wire;
  }

  /** The weights, or a rounded copy in an array that the next step uses again. */
  float[] of(float[] weights) {
    if (wire == WireType.F32) {
      return weights;
    }
    if (rounded == null) {
      rounded = new float[weights.length];
    }
    Bfloat16.round(weights, rounded);
    return rounded;
  }
}
