package org.kindling.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.model.sampling.Sampler;

/**
 * Continues one sequence token by token. Each token is computed from the last T tokens anew; the
 * context slides when the sequence outgrows T.
 *
 * <p>A replica has a fixed length, so there is one for 16 tokens, one for 32, and so on up to T,
 * all on the same weights; a sequence goes to the shortest that holds it. What stands behind the
 * last token does not reach it, since attention is causal.
 */
public final class Generator implements AutoCloseable {
  private static final int SHORTEST = 16;

  private final ModelSettings settings;
  private final KernelChoice choice;
  private final Parameters parameters;
  private final List<Replica> replicas = new ArrayList<>();

  /**
   * @param weights the flat vector of P weights
   */
  public Generator(ModelSettings settings, float[] weights, KernelChoice choice) {
    this.settings = settings;
    this.choice = choice;
    Replica first = grow(null);
    this.parameters = first.parameters();
    load(weights);
  }

  /** Takes other weights, such as those of a later step. */
  public void load(float[] weights) {
    replicas.get(0).load(weights);
  }

  /** Adds the next longer replica; the first makes the parameters that all share. */
  private Replica grow(Parameters shared) {
    int length =
        replicas.isEmpty()
            ? Math.min(SHORTEST, settings.context())
            : Math.min(2 * replicas.get(replicas.size() - 1).length(), settings.context());
    var kernels = KernelChooser.make(choice);
    Parameters weights =
        shared == null ? new Parameters(ParameterLayout.of(settings), kernels.type()) : shared;
    Replica replica = new Replica(settings, weights, 1, length, kernels);
    replicas.add(replica);
    return replica;
  }

  /**
   * Adds tokens to a prompt.
   *
   * @param prompt at least one id
   * @param count how many tokens to add
   * @param emit receives each token as soon as it is chosen
   */
  public void generate(int[] prompt, int count, Sampler sampler, IntConsumer emit) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("the prompt has no tokens");
    }
    int[] window = new int[settings.context()];
    int filled = Math.min(prompt.length, window.length);
    System.arraycopy(prompt, prompt.length - filled, window, 0, filled);
    float[] logits = new float[settings.vocabulary()];
    for (int i = 0; i < count; i++) {
      Replica replica = shortestFor(filled);
      int[] ids = java.util.Arrays.copyOf(window, replica.length());
      replica.logits(ids, filled - 1, logits);
      int token = sampler.sample(logits);
      emit.accept(token);
      if (filled == window.length) {
        System.arraycopy(window, 1, window, 0, --filled);
      }
      window[filled++] = token;
    }
  }

  private Replica shortestFor(int tokens) {
    for (Replica replica : replicas) {
      if (replica.length() >= tokens) {
        return replica;
      }
    }
    grow(parameters);
    return shortestFor(tokens);
  }

  @Override
  public void close() {
    replicas.forEach(Replica::close);
  }
}
