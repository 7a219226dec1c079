package org.kindling.spark.command;

import java.util.ArrayList;
import java.util.List;
import org.kindling.model.ModelSettings;
import org.kindling.model.sampling.SamplingSettings;
import org.kindling.spark.InputException;
import org.kindling.spark.report.RunReport;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.run.Sample;
import org.kindling.spark.settings.TrainSettings;
import org.kindling.spark.training.TrainingListener;
import org.kindling.tokenizer.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code report.html} up to date while a run trains: at each evaluation the model writes a
 * few words, on the driver, and the page is written anew. Training does not depend on it: a page
 * that cannot be written is a line in the log.
 */
final class LiveReport implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(LiveReport.class);

  private final RunDirectory run;
  private final TrainSettings settings;
  private final ModelSettings model;
  private final Tokenizer tokenizer;
  private final List<Metrics> metrics;
  private final List<Sample> samples;

  /**
   * @param begun steps done; what the run's files say of later ones is left out
   */
  LiveReport(
      RunDirectory run,
      int begun,
      TrainSettings settings,
      ModelSettings model,
      Tokenizer tokenizer) {
    this.run = run;
    this.settings = settings;
    this.model = model;
    this.tokenizer = tokenizer;
    this.metrics = new ArrayList<>(run.readMetrics());
    this.samples = new ArrayList<>(run.readSamples());
    metrics.removeIf(line -> line.step() > begun);
    samples.removeIf(sample -> sample.step() > begun);
  }

  @Override
  public void stepped(int step, double loss, double learningRate, double tokensPerSecond) {
    // Single steps are the progress bar's.
  }

  @Override
  public void evaluated(int step, double validationLoss, boolean isBest) {
    // Comes again with the logged line.
  }

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
    samples.add(new Sample(step, text.toString()));
  }

  @Override
  public void logged(Metrics line) {
    metrics.add(line);
    if (line.validationLoss() != null) {
      write(samples);
    }
  }

  /** The page of the finished run. */
  void finish(Sample last) {
    List<Sample> all = new ArrayList<>(samples);
    all.add(last);
    write(all);
  }

  private void write(List<Sample> shown) {
    try {
      run.writeSamples(samples);
      run.writeReport(RunReport.html(run.toString(), metrics, run.config(), shown));
    } catch (InputException e) {
      LOG.warn("the report waits for the next evaluation: {}", e.getMessage());
    }
  }
}
