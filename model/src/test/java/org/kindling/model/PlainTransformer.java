package org.kindling.model;

import org.kindling.model.ParameterLayout.Parameter;

/**
 * The forward pass once more, written another way: loops over doubles, one sequence, straight from
 * the formulas of the lecture. No dropout, ReLU.
 */
final class PlainTransformer {
  private final ModelSettings settings;
  private final ParameterLayout layout;
  private final float[] weights;

  PlainTransformer(ModelSettings settings, float[] weights) {
    this.settings = settings;
    this.layout = ParameterLayout.of(settings);
    this.weights = weights;
  }

  /** (T, V). */
  double[][] logits(int[] ids) {
    int c = settings.embedding();
    double[][] x = new double[ids.length][c];
    for (int t = 0; t < ids.length; t++) {
      for (int i = 0; i < c; i++) {
        x[t][i] = weight("wte.weight", ids[t] * c + i) + weight("wpe.weight", t * c + i);
      }
    }
    for (int l = 0; l < settings.layers(); l++) {
      String h = "h." + l + ".";
      x = branchOn(x, attention(h + "attn.", norm(h + "ln_1", x)));
      if (settings.feedForward()) {
        x = branchOn(x, feedForward(h + "mlp.", norm(h + "ln_2", x)));
      }
    }
    return linear(settings.tiedHead() ? "wte" : "lm_head", norm("ln_f", x));
  }

  private double weight(String name, int index) {
    return weights[layout.get(name).offset() + index];
  }

  private double[][] branchOn(double[][] x, double[][] branch) {
    double[][] sum = new double[x.length][x[0].length];
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < x[0].length; i++) {
        sum[t][i] = (settings.residual() ? x[t][i] : 0) + branch[t][i];
      }
    }
    return sum;
  }

  private double[][] attention(String name, double[][] x) {
    int c = settings.embedding();
    int d = settings.headSize();
    double[][] qkv = linear(name + "c_attn", x);
    double[][] y = new double[x.length][c];
    for (int h = 0; h < settings.heads(); h++) {
      for (int t = 0; t < x.length; t++) {
        double[] affinity = new double[t + 1];
        double sum = 0;
        for (int s = 0; s <= t; s++) {
          double product = 0;
          for (int i = h * d; i < (h + 1) * d; i++) {
            product += qkv[t][i] * qkv[s][c + i];
          }
          affinity[s] = Math.exp(product / Math.sqrt(d));
          sum += affinity[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int i = h * d; i < (h + 1) * d; i++) {
            y[t][i] += affinity[s] / sum * qkv[s][2 * c + i];
          }
        }
      }
    }
    return settings.projection() ? linear(name + "c_proj", y) : y;
  }

  private double[][] feedForward(String name, double[][] x) {
    double[][] wide = linear(name + "c_fc", x);
    for (double[] row : wide) {
      for (int i = 0; i < row.length; i++) {
        row[i] = Math.max(0, row[i]);
      }
    }
    return settings.feedForwardProjection() ? linear(name + "c_proj", wide) : wide;
  }

  private double[][] norm(String name, double[][] x) {
    if (!settings.layerNorm()) {
      return x;
    }
    double[][] y = new double[x.length][x[0].length];
    for (int t = 0; t < x.length; t++) {
      double mean = 0;
      double squares = 0;
      for (double value : x[t]) {
        mean += value / x[t].length;
        squares += value * value / x[t].length;
      }
      double deviation = Math.sqrt(squares - mean * mean + 1e-5);
      for (int i = 0; i < x[t].length; i++) {
        y[t][i] = (x[t][i] - mean) / deviation * weight(name + ".weight", i) + bias(name, i);
      }
    }
    return y;
  }

  private double bias(String name, int index) {
    return layout.has(name + ".bias") ? weight(name + ".bias", index) : 0;
  }

  private double[][] linear(String name, double[][] x) {
    Parameter matrix = layout.get(name + ".weight");
    int out = matrix.shape().get(0);
    int in = matrix.shape().get(1);
    double[][] y = new double[x.length][out];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < out; o++) {
        y[t][o] = bias(name, o);
        for (int i = 0; i < in; i++) {
          y[t][o] += x[t][i] * weight(name + ".weight", o * in + i);
        }
      }
    }
    return y;
  }
}
