package org.kindling.model.optimizer;

import java.util.ArrayList;
import java.util.List;
import org.kindling.model.ParameterLayout;
import org.kindling.model.ParameterLayout.Parameter;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101), with PyTorch's order
 * of operations. Only tensors of two or more dimensions decay.
 *
 * <p>Each weight is updated by itself, so the pieces of the vector may go to any number of threads.
 */
public final class AdamW {
  private static final int PIECE = 1 << 15;

  private final AdamWSettings settings;
  private final float[] firstMoment;
  private final float[] secondMoment;
  private final List<Piece> pieces = new ArrayList<>();

  private record Piece(int from, int to, boolean decays) {}

  /**
   * An optimizer that goes on from kept moments, which it takes over: two vectors of P values, of
   * zeros before the first gradient.
   */
  public AdamW(
      ParameterLayout layout, AdamWSettings settings, float[] firstMoment, float[] secondMoment) {
    this.settings = settings;
    this.firstMoment = firstMoment;
    this.secondMoment = secondMoment;
    for (Parameter parameter : layout.parameters()) {
      int end = parameter.offset() + parameter.length();
      for (int from = parameter.offset(); from < end; from += PIECE) {
        pieces.add(new Piece(from, Math.min(end, from + PIECE), parameter.decays()));
      }
    }
  }

  /** Mean of the gradients so far, P values. */
  public float[] firstMoment() {
    return firstMoment;
  }

  /** Mean of their squares so far, P values. */
  public float[] secondMoment() {
    return secondMoment;
  }

  /**
   * Updates the weights in place.
   *
   * @param gradients P values, left as they are
   * @param scale what each gradient is multiplied by first: one over the token count, times the
   *     clipping factor
   * @param step number of this step, from 1
   */
  public void step(
      float[] weights, float[] gradients, double scale, double learningRate, long step) {
    double correction1 = 1 - Math.pow(settings.beta1(), step);
    double correction2 = 1 - Math.pow(settings.beta2(), step);
    float stepSize = (float) (learningRate / correction1);
    float rootCorrection = (float) Math.sqrt(correction2);
    float decay = (float) (1 - learningRate * settings.weightDecay());
    pieces.parallelStream()
        .forEach(
            piece ->
                update(
                    piece,
                    weights,
                    gradients,
                    (float) scale,
                    stepSize,
                    rootCorrection,
                    piece.decays ? decay : 1));
  }

  /** The inner loop: single operations on floats without branches, which become vector code. */
  private void update(
      Piece piece,
      float[] weights,
      float[] gradients,
      float scale,
      float stepSize,
      float rootCorrection,
      float decay) {
    float[] m = firstMoment;
    float[] v = secondMoment;
    float beta1 = (float) settings.beta1();
    float beta2 = (float) settings.beta2();
    float rest1 = (float) (1 - settings.beta1());
    float rest2 = (float) (1 - settings.beta2());
    float epsilon = (float) settings.epsilon();
    for (int i = piece.from; i < piece.to; i++) {
      float g = gradients[i] * scale;
      float first = beta1 * m[i] + rest1 * g;
      float second = beta2 * v[i] + rest2 * (g * g);
      m[i] = first;
      v[i] = second;
      float deviation = (float) Math.sqrt(second) / rootCorrection + epsilon;
      weights[i] = weights[i] * decay - stepSize * (first / deviation);
    }
  }
}
