package org.kindling.spark.command;

import java.util.ArrayList;
import java.util.List;
import org.kindling.spark.InputException;
import org.kindling.spark.report.RunReport;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.run.Sample;
import org.kindling.spark.training.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code report.html} and {@code samples.jsonl} up to date while a run trains: at each
 * evaluation they are written anew. Training does not depend on it: a page that cannot be written
 * is a line in the log.
 */
final class LiveReport implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(LiveReport.class);

  private final RunDirectory run;
  private final List<Metrics> metrics;
  private final List<Sample> samples;

  /**
   * @param begun steps done; what the run's files say of later ones is left out
   */
  LiveReport(RunDirectory run, int begun) {
    this.run = run;
    this.metrics = new ArrayList<>(run.readMetrics());
    this.samples = new ArrayList<>(run.readSamples());
    metrics.removeIf(line -> line.step() > begun);
    samples.removeIf(sample -> sample.step() > begun);
  }

  /** A sample of the evaluation that is about to be logged. */
  void sampled(Sample sample) {
    samples.add(sample);
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
