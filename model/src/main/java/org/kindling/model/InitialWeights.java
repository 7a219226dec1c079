package org.kindling.model;

import org.kindling.model.ParameterLayout.Constant;
import org.kindling.model.ParameterLayout.Normal;
import org.kindling.model.ParameterLayout.Parameter;
import org.kindling.model.ParameterLayout.Start;
import org.kindling.model.ParameterLayout.Uniform;

/** A model's weights before training. */
public final class InitialWeights {
  private InitialWeights() {}

  /**
   * Draws them: a tensor's values depend on the seed and its own name alone, so that variants which
   * share a tensor start alike.
   *
   * @return the flat vector of P values
   */
  public static float[] draw(ParameterLayout layout, long seed) {
    float[] weights = new float[layout.size()];
    for (Parameter parameter : layout.parameters()) {
      CounterRandom random = new CounterRandom(CounterHash.of(seed, parameter.name().hashCode()));
      int length = parameter.length();
      for (int i = 0; i < length; i++) {
        weights[parameter.offset() + i] = (float) value(parameter.start(), random, i);
      }
    }
    return weights;
  }

  private static double value(Start start, CounterRandom random, int index) {
    if (start instanceof Normal normal) {
      return normal.deviation() * random.gaussian(index);
    }
    if (start instanceof Uniform uniform) {
      return uniform.limit() * (2 * random.unit(index) - 1);
    }
    return ((Constant) start).value();
  }

  /** Random numbers by index. */
  private record CounterRandom(long key) {
    /** Uniform in [0, 1). */
    double unit(long index) {
      return CounterHash.unit(CounterHash.of(key, index));
    }

    /** Box and Muller's transform of two uniform hashes of the index. */
    double gaussian(long index) {
      double u = CounterHash.unit(CounterHash.of(key, 2 * index));
      double v = CounterHash.unit(CounterHash.of(key, 2 * index + 1));
      return Math.sqrt(-2 * StrictMath.log(1 - u)) * StrictMath.cos(2 * Math.PI * v);
    }
  }
}
