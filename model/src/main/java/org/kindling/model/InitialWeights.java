package org.kindling.model;

import org.kindling.model.ParameterLayout.Parameter;

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
      CounterRandom random = new CounterRandom(Mix.of(seed, parameter.name().hashCode()));
      for (int i = 0; i < parameter.length(); i++) {
        double deviation = parameter.start().deviation();
        double noise = deviation == 0 ? 0 : deviation * random.gaussian(i);
        weights[parameter.offset() + i] = (float) (parameter.start().mean() + noise);
      }
    }
    return weights;
  }

  /** Normal numbers by index. */
  private record CounterRandom(long key) {
    /** Box and Muller's transform of two uniform hashes of the index. */
    double gaussian(long index) {
      double u = Mix.unit(Mix.of(key, 2 * index));
      double v = Mix.unit(Mix.of(key, 2 * index + 1));
      return Math.sqrt(-2 * StrictMath.log(1 - u)) * StrictMath.cos(2 * Math.PI * v);
    }
  }
}
