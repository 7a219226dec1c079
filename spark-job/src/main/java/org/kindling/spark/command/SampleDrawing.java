package org.kindling.spark.command;

import java.util.List;
import java.util.function.Consumer;
import org.kindling.model.ModelSettings;
import org.kindling.model.sampling.SamplingSettings;
import org.kindling.spark.run.Sample;
import org.kindling.spark.settings.TrainSettings;
import org.kindling.spark.training.TrainingListener;
import org.kindling.tokenizer.Tokenizer;

/**
 * At each evaluation the model writes a few words, on the driver.
 *
 * @param model what it is a model of
 * @param readers get each sample, in their order
 */
record SampleDrawing(
    TrainSettings settings,
    ModelSettings model,
    Tokenizer tokenizer,
    List<Consumer<Sample>> readers)
    implements TrainingListener {

  /** How the samples of a run are drawn. */
  static SamplingSettings sampling(long seed) {
    return SamplingSettings.at(0.8, seed);
  }

  /** The decoder is there for one sample only; its memory is training's again behind that. */
  @Override
  public void evaluatedWeights(int step, float[] weights) {
    if (settings.sampleTokens() == 0) {
      return;
    }
    StringBuilder text = new StringBuilder();
    try (TextGeneration generation =
        new TextGeneration(tokenizer, model, weights, settings.kernels())) {
      generation.generate("", settings.sampleTokens(), sampling(settings.seed()), text::append);
    }
    Sample sample = new Sample(step, text.toString());
    readers.forEach(reader -> reader.accept(sample));
  }
}
