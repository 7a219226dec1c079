package org.kindling.spark.command.train;

import java.util.Locale;
import java.util.function.Consumer;
import org.kindling.spark.InputException;
import org.kindling.spark.generation.TextGeneration;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.run.Sample;
import org.kindling.spark.run.Weights;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.TrainSettings;
import org.kindling.spark.training.Trainer;
import org.kindling.tokenizer.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What training left: a run whose best model may write now.
 *
 * @param parameters P
 * @param signalled whether a signal asked to stop, be it in the last step
 */
public record Trained(
    RunDirectory run,
    Settings settings,
    Tokenizer tokenizer,
    int parameters,
    Trainer.Outcome outcome,
    boolean signalled) {
  private static final Logger LOG = LoggerFactory.getLogger(Trained.class);
  private static final int SAMPLE_TOKENS = 500;

  /** Says how it went and prints a sample, which completes the report, too. */
  void finish() {
    if (outcome.stopped()) {
      System.out.printf(
          "%nstopped after step %d of %d; to continue: kindling train --resume %s%n",
          outcome.steps(), settings.train().steps(), run);
      return;
    }
    if (Double.isInfinite(outcome.bestLoss())) {
      System.out.printf("%ntrained %d steps without a validation split%n", outcome.steps());
    } else {
      System.out.printf(
          Locale.ROOT,
          "%nbest validation loss %.4f at step %d of %d%n",
          outcome.bestLoss(),
          outcome.bestStep(),
          outcome.steps());
    }
    System.out.printf("run %s%n%nsample:%n", run);
    Consumer<String> out = TextGeneration.printer(System.out);
    sample(out);
    out.accept("\n");
  }

  /** Completes the report without a word, and returns the sample. */
  public String finishQuietly() {
    return sample(piece -> {});
  }

  private String sample(Consumer<String> out) {
    Weights best = best();
    TrainSettings train = settings.train();
    String text;
    try (TextGeneration generation = new TextGeneration(tokenizer, best, train.kernels())) {
      text = generation.sample(SAMPLE_TOKENS, train.seed(), out);
    }
    new LiveReport(run, outcome.steps()).finish(new Sample(best.state().step(), text));
    return text;
  }

  /** A run that was resumed may find that the best of its checkpoints has been damaged since. */
  private Weights best() {
    try {
      return run.checkpoints().loadWeightsOnly("best");
    } catch (InputException e) {
      LOG.warn("{}: the sample is the latest checkpoint's", e.getMessage());
      return run.checkpoints().loadWeightsOnly("latest");
    }
  }
}
