package org.kindling.spark.run;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.kindling.model.ModelSettings;
import org.kindling.spark.InputException;
import org.kindling.spark.settings.Preset;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.SettingsReader;
import org.kindling.tokenizer.Tokenizer;

/**
 * A run's model with what belongs to it.
 *
 * @param settings the run's, with overrides of the command line
 */
public record TrainedModel(Settings settings, Tokenizer tokenizer, Weights weights) {

  /**
   * Loads a checkpoint of a run.
   *
   * @param checkpoint {@code best}, {@code latest} or a checkpoint's name
   * @throws InputException if the directory is no run, the checkpoint is damaged, or the tokenizer
   *     is another
   */
  public static TrainedModel load(
      String directory, String checkpoint, List<String> overrides, Configuration hadoop) {
    RunDirectory run = RunDirectory.open(directory, hadoop);
    Preset kept = new Preset(run + "/config.conf", run.config());
    Settings settings = SettingsReader.readKept(kept, overrides);
    Tokenizer tokenizer = Tokenizer.fromJson(run.tokenizerJson());
    Weights weights = run.checkpoints().loadWeightsOnly(checkpoint);
    requireSameSize(run, tokenizer, weights.state().model());
    if (!tokenizer.fingerprint().equals(weights.state().tokenizerFingerprint())) {
      throw new InputException(
          "%s: tokenizer.json is not the one that the model was trained with".formatted(run));
    }
    return new TrainedModel(settings, tokenizer, weights);
  }

  /** A model knows as many ids as its tokenizer makes. */
  public static void requireSameSize(RunDirectory run, Tokenizer tokenizer, ModelSettings model) {
    if (tokenizer.vocabularySize() != model.vocabulary()) {
      throw new InputException(
          "%s: tokenizer.json has %d tokens and the model %d: they do not belong together"
              .formatted(run, tokenizer.vocabularySize(), model.vocabulary()));
    }
  }
}
