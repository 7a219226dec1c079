package org.kindling.spark.command.train;

import java.util.Optional;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.run.Sample;
import org.kindling.spark.tensorboard.EventLog;
import org.kindling.spark.training.TrainingListener;

/** Writes event files while a run trains, if they are wanted. */
final class LiveEvents implements TrainingListener, AutoCloseable {
  private final Optional<EventLog> log;
  private final ParameterLayout layout;
  private final boolean histograms;

  /**
   * @param log empty where none are wanted
   * @param histograms whether evaluated weights do, too
   */
  LiveEvents(Optional<EventLog> log, ParameterLayout layout, boolean histograms) {
    this.log = log;
    this.layout = layout;
    this.histograms = histograms;
  }

  /** The settings that training goes on with behind a step, and the weights that it began with. */
  void begin(int step, String config, float[] weights) {
    log.ifPresent(events -> events.text(step, "settings", config));
    if (step == 0) {
      evaluatedWeights(step, weights);
    }
  }

  @Override
  public void evaluatedWeights(int step, float[] weights) {
    if (histograms) {
      log.ifPresent(events -> events.histograms(step, layout, weights));
    }
  }

  void sampled(Sample sample) {
    log.ifPresent(events -> events.text(sample.step(), "sample", sample.text()));
  }

  @Override
  public void logged(Metrics line) {
    log.ifPresent(events -> events.metrics(line));
    if (line.validationLoss() != null) {
      log.ifPresent(EventLog::evaluated);
    }
  }

  @Override
  public void close() {
    log.ifPresent(EventLog::close);
  }
}
