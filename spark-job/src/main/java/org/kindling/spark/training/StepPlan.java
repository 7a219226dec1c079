package org.kindling.spark.training;

import java.io.Serializable;
import org.kindling.model.ModelSettings;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.spark.settings.TrainSettings;
import org.kindling.spark.settings.WireType;

/**
 * What all steps of a run have in common, as tasks need it.
 *
 * @param model shape and variant
 * @param kernels what replicas compute with
 * @param skipsZeros whether they skip products with ReLU's zeros
 * @param seed of chunks and dropout masks
 * @param batchSize sequences a step, B
 * @param shards K
 * @param microBatch sequences a pass; divides B / K
 * @param wire how weights and gradients travel
 */
record StepPlan(
    ModelSettings model,
    KernelChoice kernels,
    boolean skipsZeros,
    long seed,
    int batchSize,
    int shards,
    int microBatch,
    WireType wire)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** The plan of a run whose number of shards is decided. */
  static StepPlan of(TrainSettings settings, ModelSettings model) {
    return new StepPlan(
        model,
        KernelChooser.resolve(settings.kernels()),
        settings.skipsZerosOf(model),
        settings.seed(),
        settings.batchSize(),
        settings.shards(),
        settings.microBatchFor(settings.shards(), model),
        settings.wire());
  }

  /** Sequences that each shard contributes to a step, B / K. */
  int share() {
    return batchSize / shards;
  }

  TaskSpace.Shape replicaShape() {
    return new TaskSpace.Shape(model, microBatch, kernels, skipsZeros);
  }
}
