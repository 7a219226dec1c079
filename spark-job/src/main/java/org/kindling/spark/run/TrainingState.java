package org.kindling.spark.run;

import java.util.Map;
import java.util.Objects;
import org.kindling.model.ModelSettings;

/**
 * What a checkpoint knows besides its vectors: enough to continue to the same bits, and where it
 * came from.
 *
 * @param step optimizer steps done
 * @param shards logical shards, K, which the result depends on
 * @param seed of weights, sampling and dropout
 * @param bestLoss lowest validation loss so far, nats a token; {@code Double.POSITIVE_INFINITY}
 *     before the first
 * @param bestStep the step of {@code bestLoss}; 0 before the first evaluation
 * @param evaluationsWithoutProgress evaluations since {@code bestStep}, for the early stop
 * @param tokenizerFingerprint SHA-256 of {@code tokenizer.json}
 * @param dataFingerprint of the corpus
 * @param model settings that decide the tensors' names and shapes
 * @param versions of what wrote it, such as {@code kindling}, {@code spark}, {@code java}
 */
public record TrainingState(
    int step,
    int shards,
    long seed,
    double bestLoss,
    int bestStep,
    int evaluationsWithoutProgress,
    String tokenizerFingerprint,
    String dataFingerprint,
    ModelSettings model,
    Map<String, String> versions) {

  public TrainingState {
    Objects.requireNonNull(tokenizerFingerprint);
    Objects.requireNonNull(dataFingerprint);
    Objects.requireNonNull(model);
    versions = Map.copyOf(versions);
  }

  /** Before the first step. */
  public static TrainingState untrained(
      int shards,
      long seed,
      String tokenizerFingerprint,
      String dataFingerprint,
      ModelSettings model,
      Map<String, String> versions) {
    return new TrainingState(
        0,
        shards,
        seed,
        Double.POSITIVE_INFINITY,
        0,
        0,
        tokenizerFingerprint,
        dataFingerprint,
        model,
        versions);
  }

  /** Of the same run, at a later step. */
  public TrainingState after(
      int step, double bestLoss, int bestStep, int evaluationsWithoutProgress) {
    return new TrainingState(
        step,
        shards,
        seed,
        bestLoss,
        bestStep,
        evaluationsWithoutProgress,
        tokenizerFingerprint,
        dataFingerprint,
        model,
        versions);
  }

  /** At the same step, of a run that goes on with these. */
  TrainingState resumedWith(
      int shards,
      long seed,
      String dataFingerprint,
      ModelSettings model,
      Map<String, String> versions) {
    return untrained(shards, seed, tokenizerFingerprint, dataFingerprint, model, versions)
        .after(step, bestLoss, bestStep, evaluationsWithoutProgress);
  }

  /** Whether there was an evaluation yet. */
  public boolean evaluated() {
    return bestLoss < Double.POSITIVE_INFINITY;
  }
}
