package org.kindling.model.layers;

import java.util.ArrayList;
import java.util.List;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.kernels.Arena;
import org.kindling.model.kernels.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A pre-norm transformer block: x + attention(norm(x)), then that + feed-forward(norm(that)).
 * Settings take parts away: the sums, the norms, the projections at a branch's end, the
 * feed-forward layer.
 *
 * <p>Backward expects the gradient at the block's output in {@link Scratch#d} and leaves there the
 * gradient at its input: the residual path hands d through unchanged, and each branch adds its
 * part:
 *
 * <pre>
 * backward through          reads            leaves its result in
 * dropout, if any           d                dropped
 * the last linear layer     d, or dropped    branch, or wide
 * attention, or activation  branch, or wide  qkv, or wide
 * the first linear layer    qkv, or wide     branch
 * the norm                  branch           normed
 * the sum                   normed           d, which it adds to
 * </pre>
 *
 * <p>Where a part is missing, what comes before it in this order writes to where that part would
 * have; without a last linear layer, attention or activation reads what that would have read.
 */
final class Block implements Layer {
  private final Build build;
  private final Scratch scratch;
  private final List<Layer> layers = new ArrayList<>();
  private final CausalAttention attention;
  private final INDArray output;

  /**
   * Gradients of activations, which all blocks use in turn.
   *
   * @param d gradient of the residual stream (N, C)
   * @param branch gradient inside a branch (N, C)
   * @param normed gradient at a branch's entry (N, C)
   * @param qkv (N, 3C)
   * @param wide (N, F)
   * @param dropped (N, C), null without dropout
   */
  record Scratch(
      INDArray d,
      INDArray branch,
      INDArray normed,
      INDArray qkv,
      INDArray wide,
      INDArray dropped,
      CausalAttention.Scratch attention) {
    static Scratch of(Build build) {
      Arena arena = build.arena();
      int n = build.rows();
      int c = build.settings().embedding();
      return new Scratch(
          arena.array(n, c),
          arena.array(n, c),
          arena.array(n, c),
          arena.array(n, 3L * c),
          arena.array(n, build.settings().feedForwardSize()),
          build.settings().dropout() > 0 ? arena.array(n, c) : null,
          CausalAttention.Scratch.of(build));
    }
  }

  /** Block {@code index} on the residual stream x (N, C). */
  Block(Build build, int index, INDArray x, Scratch scratch) {
    this.build = build;
    this.scratch = scratch;
    ModelSettings settings = build.settings();
    String h = "h." + index + ".";
    int n = build.rows();
    int c = settings.embedding();

    INDArray normed = entry(h + "ln_1", x);
    INDArray qkv = build.arena().array(n, 3L * c);
    INDArray mixed = build.arena().array(n, c);
    layers.add(
        new Linear(
            build,
            h + "attn.c_attn",
            new Linear.Arrays(normed, qkv, scratch.qkv(), entryGradient()),
            null)); // (N, 3C)
    INDArray dMixed = settings.projection() ? scratch.branch() : unprojectedGradient();
    attention =
        new CausalAttention(
            build,
            new CausalAttention.Arrays(qkv, mixed, dMixed, scratch.qkv()),
            scratch.attention());
    layers.add(attention); // (N, C)
    INDArray middle =
        settings.projection()
            ? projected(h + "attn.c_proj", mixed, scratch.branch(), x, Linear.Zeros.NOWHERE)
            : unprojected(mixed, x); // (N, C)
    output = settings.feedForward() ? feedForward(h, middle) : middle;
  }

  /** Adds the second branch and returns its output (N, C). */
  private INDArray feedForward(String h, INDArray middle) {
    ModelSettings settings = build.settings();
    Kernels kernels = build.kernels();
    int n = build.rows();
    // What ReLU sets to zero is zero in its gradient, too.
    boolean zeros = settings.activation() == Activation.RELU;
    INDArray normed = entry(h + "ln_2", middle);
    INDArray wide = build.arena().array(n, settings.feedForwardSize());
    INDArray active = build.arena().array(n, settings.feedForwardSize());
    layers.add(
        new Linear(
            build,
            h + "mlp.c_fc",
            new Linear.Arrays(normed, wide, scratch.wide(), entryGradient()),
            null,
            zeros ? Linear.Zeros.IN_DY : Linear.Zeros.NOWHERE)); // (N, F)
    layers.add(
        Layer.of(
            kernels.activation(settings.activation(), wide, active),
            kernels.activationBackward(settings.activation(), wide, scratch.wide())));
    if (settings.feedForwardProjection()) {
      return projected(
          h + "mlp.c_proj",
          active,
          scratch.wide(),
          middle,
          zeros ? Linear.Zeros.IN_X : Linear.Zeros.NOWHERE); // (N, C)
    }
    // The activation's backward pass works in place, and d may be needed once more.
    INDArray dActive = unprojectedGradient();
    layers.add(Layer.of(() -> {}, kernels.copy(dActive, scratch.wide())));
    return unprojected(active, middle); // (N, C), since F = C
  }

  /** The residual stream after this block (N, C). */
  INDArray output() {
    return output;
  }

  CausalAttention attention() {
    return attention;
  }

  @Override
  public void forward(boolean training) {
    for (Layer layer : layers) {
      layer.forward(training);
    }
  }

  @Override
  public void backward() {
    for (int i = layers.size() - 1; i >= 0; i--) {
      layers.get(i).backward();
    }
  }

  /**
   * A branch begins: adds what leaves its gradient in d, and the norm, whose output (N, C) it
   * returns.
   */
  private INDArray entry(String norm, INDArray x) {
    ModelSettings settings = build.settings();
    INDArray dx = settings.residual() ? scratch.normed() : scratch.d();
    if (settings.residual()) {
      layers.add(Layer.of(() -> {}, build.kernels().add(scratch.normed(), scratch.d())));
    }
    if (!settings.layerNorm()) {
      return x;
    }
    INDArray normed = build.arena().array(build.rows(), settings.embedding());
    layers.add(new LayerNorm(build, norm, x, normed, scratch.branch(), dx));
    return normed;
  }

  /** Where a branch's first linear layer leaves its gradient. */
  private INDArray entryGradient() {
    ModelSettings settings = build.settings();
    if (settings.layerNorm()) {
      return scratch.branch();
    }
    return settings.residual() ? scratch.normed() : scratch.d();
  }

  /** A branch ends: dropout(y Wᵀ + b) [+ x], (N, C). */
  private INDArray projected(String name, INDArray y, INDArray dy, INDArray x, Linear.Zeros zeros) {
    INDArray sum = build.arena().array(build.rows(), build.settings().embedding());
    INDArray residual = build.settings().residual() ? x : null;
    layers.add(
        new Linear(
            build,
            name,
            new Linear.Arrays(y, sum, scratch.d(), dy, residual, scratch.dropped()),
            dropout(),
            zeros));
    return sum;
  }

  /** A branch ends without a linear layer: dropout(y) [+ x], in y's place. */
  private INDArray unprojected(INDArray y, INDArray x) {
    Kernels kernels = build.kernels();
    Dropout dropout = dropout();
    if (dropout != null) {
      layers.add(dropout.layer(kernels, y, scratch.d(), scratch.dropped()));
    }
    if (build.settings().residual()) {
      layers.add(Layer.of(kernels.add(x, y), () -> {}));
    }
    return y;
  }

  /** Where the gradient at y of {@link #unprojected} lies when backward has come there. */
  private INDArray unprojectedGradient() {
    return build.settings().dropout() > 0 ? scratch.dropped() : scratch.d();
  }

  private Dropout dropout() {
    return Dropout.of(build, build.length() * build.settings().embedding());
  }
}
