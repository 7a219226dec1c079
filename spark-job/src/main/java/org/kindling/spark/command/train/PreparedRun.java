package org.kindling.spark.command.train;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.spark.corpus.Corpus;
import org.kindling.spark.run.Checkpoint;
import org.kindling.spark.run.MetricsLog;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.training.Trainer;
import org.kindling.spark.training.TrainingListener;
import org.kindling.tokenizer.Tokenizer;

/**
 * A run whose text, directory and weights are there; what is left is to train.
 *
 * @param begin what training begins with
 */
record PreparedRun(
    RunDirectory run,
    Settings settings,
    Tokenizer tokenizer,
    Corpus corpus,
    RunShards shards,
    Checkpoint begin) {

  /**
   * Trains until the end or a signal.
   *
   * @param out where to say how it goes
   * @param others hear of it, too
   */
  Trained train(
      JavaSparkContext spark,
      MetricsLog metrics,
      PrintStream out,
      EventSettings tensorBoard,
      List<TrainingListener> others) {
    int steps = settings.train().steps();
    try (StopSignal stop = new StopSignal()) {
      announce(out);
      try (LiveReport report = new LiveReport(run, begin.step());
          LiveEvents events = tensorBoard.open(run, begin, spark.hadoopConfiguration(), out);
          Progress progress = Progress.of(begin.step(), steps, out)) {
        report.begin();
        SampleDrawing samples =
            new SampleDrawing(
                settings.train(),
                begin.state().model(),
                tokenizer,
                List.of(report::sampled, events::sampled));
        List<TrainingListener> all = new ArrayList<>(List.of(progress, samples, report, events));
        all.addAll(others);
        Trainer.Outcome outcome =
            new Trainer(
                    spark,
                    settings.train(),
                    begin.state().model(),
                    shards.training(),
                    shards.validation(),
                    run.checkpoints(),
                    metrics,
                    new Listeners(all))
                .run(begin, stop);
        return new Trained(
            run, settings, tokenizer, begin.weights().length, outcome, stop.getAsBoolean());
      }
    }
  }

  private void announce(PrintStream out) {
    out.print(run.config());
    out.printf(
        Locale.ROOT,
        "%nrun %s: %,d parameters, %,d training and %,d validation tokens, %d shards on %d cores%n",
        run,
        begin.weights().length,
        corpus.trainingTokens(),
        corpus.validationTokens(),
        settings.train().shards(),
        shards.slots());
    KernelChooser.announce(settings.train().kernels());
  }
}
