package org.kindling.spark.generation;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.kindling.model.Activation;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.run.Checkpoint;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.run.TrainedModel;
import org.kindling.spark.run.TrainingState;
import org.kindling.spark.run.Weights;
import org.kindling.spark.settings.SettingsReader;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;

/** A small model that has learned nothing: its text is noise, but always the same. */
final class RandomModel {
  static final String ALPHABET = "\n !',-.:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private RandomModel() {}

  /** One whose tokens are the characters of {@link #ALPHABET}. */
  static TrainedModel ofCharacters() {
    return of(CharacterTokenizer.of(ALPHABET.codePoints().sorted().toArray()));
  }

  static TrainedModel of(Tokenizer tokenizer) {
    ModelSettings model =
        new ModelSettings(
            ModelType.GPT,
            2,
            2,
            16,
            24,
            tokenizer.vocabularySize(),
            0,
            true,
            false,
            true,
            Activation.GELU_TANH);
    float[] weights = InitialWeights.draw(ParameterLayout.of(model), 5);
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= 8; // so that the logits differ
    }
    TrainingState state =
        new TrainingState(1, 1, 5, 1, 1, 0, tokenizer.fingerprint(), "none", model, Map.of());
    return new TrainedModel(
        SettingsReader.read(Optional.empty(), List.of()), tokenizer, new Weights(weights, state));
  }

  /** Writes the model of characters as a run; gives its directory. */
  static String save(Path directory) {
    TrainedModel model = ofCharacters();
    RunDirectory run =
        RunDirectory.create(
            directory.toString(),
            false,
            "train.steps = 1\n",
            model.tokenizer().toJson(),
            new Configuration());
    float[] values = model.weights().values();
    float[] moments = new float[values.length];
    run.checkpoints()
        .save(new Checkpoint(values, moments, moments, model.weights().state()), true, 1);
    return directory.toString();
  }
}
