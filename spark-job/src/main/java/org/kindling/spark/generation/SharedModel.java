package org.kindling.spark.generation;

import java.io.Serializable;
import org.kindling.model.ModelSettings;
import org.kindling.model.decoding.Decoder;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.spark.run.TrainedModel;
import org.kindling.tokenizer.Tokenizer;

/**
 * What a task needs of a run. The tasks of one JVM share it, see {@link PublishedModel}; each has a
 * decoder of its own, and with it a copy of the weights in the form that products want.
 *
 * @param weights (P), never changed
 */
record SharedModel(
    ModelSettings settings, float[] weights, KernelChoice kernels, Tokenizer tokenizer)
    implements Serializable {

  static SharedModel of(TrainedModel trained) {
    return new SharedModel(
        trained.weights().state().model(),
        trained.weights().values(),
        KernelChooser.resolve(trained.settings().train().kernels()),
        trained.tokenizer());
  }

  Decoder decoder(int slots) {
    return Decoder.of(settings, weights, slots, kernels);
  }
}
