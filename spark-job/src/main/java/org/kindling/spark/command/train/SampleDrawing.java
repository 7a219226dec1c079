package org.kindling.spark.command.train;

import java.util.List;
import java.util.function.Consumer;
import org.kindling.model.ModelSettings;
import org.kindling.spark.generation.TextGeneration;
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

  /** The decoder is there for one sample only; its memory is training's again behind that. */
  @Override
  public void evaluatedWeights(int step, float[] weights) {
    if (settings.sampleTokens() == 0) {
      return;
    }
    String text;
    try (TextGeneration generation =
        new TextGeneration(tokenizer, model, weights, settings.kernels())) {
      text = generation.sample(settings.sampleTokens(), settings.seed(), piece -> {});
    }
    Sample sample = new Sample(step, text);
    readers.forEach(reader -> reader.accept(sample));
  }
}
