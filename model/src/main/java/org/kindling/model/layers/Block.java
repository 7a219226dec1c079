package org.kindling.model.layers;

import org.kindling.model.ModelSettings;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A pre-norm transformer block: x + attention(norm(x)), then that + feed-forward(norm(that)).
 *
 * <p>Backward expects the gradient at the block's output in {@link Scratch#d} and leaves there the
 * gradient at its input: the residual path hands d through unchanged, and each branch adds its
 * part.
 */
final class Block {
  private final INDArray output;
  private final LayerNorm norm1;
  private final Linear toQkv;
  private final CausalAttention attention;
  private final Linear project;
  private final LayerNorm norm2;
  private final Linear expand;
  private final Kernel activate;
  private final Kernel activateBackward;
  private final Linear contract;
  private final Kernel addBranch;

  /**
   * Gradients of activations, which all blocks use in turn.
   *
   * @param d gradient of the residual stream (N, C)
   * @param branch gradient inside a branch (N, C)
   * @param normed gradient at a branch's entry (N, C)
   * @param qkv (N, 3C)
   * @param wide (N, 4C)
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
          arena.array(n, 4L * c),
          build.settings().dropout() > 0 ? arena.array(n, c) : null,
          CausalAttention.Scratch.of(build));
    }
  }

  /** Block {@code index} on the residual stream x (N, C). */
  Block(Build build, int index, INDArray x, Scratch scratch) {
    Kernels kernels = build.kernels();
    Arena arena = build.arena();
    ModelSettings settings = build.settings();
    String h = "h." + index + ".";
    int n = build.rows();
    int c = settings.embedding();
    int stretch = build.length() * c;
    INDArray d = scratch.d;

    INDArray normed1 = arena.array(n, c);
    INDArray qkv = arena.array(n, 3L * c);
    INDArray mixed = arena.array(n, c);
    INDArray middle = arena.array(n, c);
    norm1 = new LayerNorm(build, h + "ln_1", x, normed1, scratch.branch, scratch.normed);
    toQkv =
        new Linear(
            build,
            h + "attn.c_attn",
            new Linear.Arrays(normed1, qkv, scratch.qkv, scratch.branch),
            null); // (N, 3C)
    attention =
        new CausalAttention(
            build, qkv, mixed, scratch.branch, scratch.qkv, scratch.attention); // (N, C)
    project =
        new Linear(
            build,
            h + "attn.c_proj",
            new Linear.Arrays(mixed, middle, d, scratch.branch, x, scratch.dropped),
            Dropout.of(build, stretch));

    INDArray normed2 = arena.array(n, c);
    INDArray wide = arena.array(n, 4L * c);
    INDArray active = arena.array(n, 4L * c);
    output = arena.array(n, c);
    norm2 = new LayerNorm(build, h + "ln_2", middle, normed2, scratch.branch, scratch.normed);
    expand =
        new Linear(
            build,
            h + "mlp.c_fc",
            new Linear.Arrays(normed2, wide, scratch.wide, scratch.branch),
            null); // (N, 4C)
    activate = kernels.activation(settings.activation(), wide, active);
    activateBackward = kernels.activationBackward(settings.activation(), wide, scratch.wide);
    contract =
        new Linear(
            build,
            h + "mlp.c_proj",
            new Linear.Arrays(active, output, d, scratch.wide, middle, scratch.dropped),
            Dropout.of(build, stretch)); // (N, C)
    addBranch = kernels.add(scratch.normed, d);
  }

  /** The residual stream behind this block (N, C). */
  INDArray output() {
    return output;
  }

  void forward(boolean training) {
    norm1.forward();
    toQkv.forward(training);
    attention.forward(training);
    project.forward(training);

    norm2.forward();
    expand.forward(training);
    activate.run();
    contract.forward(training);
  }

  void backward() {
    contract.backward();
    activateBackward.run();
    expand.backward();
    norm2.backward();
    addBranch.run();

    project.backward();
    attention.backward();
    toQkv.backward();
    norm1.backward();
    addBranch.run();
  }
}
