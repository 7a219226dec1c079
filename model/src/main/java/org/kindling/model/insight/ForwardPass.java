package org.kindling.model.insight;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.Parameters;
import org.kindling.model.Replica;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.sampling.Ranking;

/**
 * One forward pass over one sequence: everything that comes out of it.
 *
 * @param ids T ids, as given
 * @param logits (T, V): row t scores the token after ids 0 to t
 * @param attention of each layer (H, T, T): of a head, a row for each token, its probabilities of
 *     tokens 0 to T - 1, those after it 0; empty for a bigram
 */
public record ForwardPass(int[] ids, float[][] logits, List<float[][][]> attention) {

  /**
   * A token that may come next.
   *
   * @param probability in [0, 1]
   */
  public record Candidate(int id, double logit, double probability) {}

  /**
   * Runs the model.
   *
   * @param weights the flat vector of P weights
   * @param ids 1 to T of them
   */
  public static ForwardPass of(
      ModelSettings settings, float[] weights, int[] ids, KernelChoice choice) {
    if (ids.length == 0 || ids.length > settings.context()) {
      throw new IllegalArgumentException(
          "%d tokens for a context of %d".formatted(ids.length, settings.context()));
    }
    Kernels kernels = KernelChooser.make(choice);
    Parameters parameters = new Parameters(ParameterLayout.of(settings), kernels.type());
    try (Replica replica = new Replica(settings, parameters, 1, ids.length, kernels)) {
      replica.load(weights);
      float[][] logits = replica.logits(ids);
      List<float[][][]> attention = new ArrayList<>();
      int layers = settings.type() == ModelType.BIGRAM ? 0 : settings.layers();
      for (int layer = 0; layer < layers; layer++) {
        attention.add(replica.attention(layer)[0]);
      }
      return new ForwardPass(ids.clone(), logits, attention);
    }
  }

  /** T. */
  public int length() {
    return ids.length;
  }

  /** The loss that target would have at a position, -log p(target), in nats. */
  public double loss(int position, int target) {
    return logSum(position) - logits[position][target];
  }

  /** The likeliest next tokens at a position, best first; of equal ones the smaller id. */
  public List<Candidate> likeliest(int position, int count) {
    float[] row = logits[position];
    int some = Math.min(count, row.length);
    Ranking ranking = new Ranking();
    ranking.rank(row, some);
    double logSum = logSum(position);
    return IntStream.range(0, some)
        .map(ranking::token)
        .mapToObj(id -> new Candidate(id, row[id], Math.exp(row[id] - logSum)))
        .toList();
  }

  /** log(sum(exp(logits))), without overflow. */
  private double logSum(int position) {
    float[] row = logits[position];
    double most = Double.NEGATIVE_INFINITY;
    for (float logit : row) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (float logit : row) {
      sum += Math.exp(logit - most);
    }
    return most + Math.log(sum);
  }
}
