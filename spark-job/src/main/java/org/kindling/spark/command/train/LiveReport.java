package org.kindling.spark.command.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.kindling.spark.InputException;
import org.kindling.spark.report.RunReport;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.run.Sample;
import org.kindling.spark.training.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code report.html} and {@code samples.jsonl} up to date while a run trains: they are
 * written at its begin, at each evaluation, after {@value #PAUSE_SECONDS} seconds without, and at
 * its end, however it ends. Training does not depend on it: a page that cannot be written is a line
 * in the log.
 */
final class LiveReport implements TrainingListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveReport.class);
  private static final long PAUSE_SECONDS = 30;

  private final RunDirectory run;
  private final List<Metrics> metrics;
  private final List<Sample> samples;
  private final LongSupplier clock;
  private long written;

  /** Whether something was logged since the page was written. */
  private boolean stale;

  /**
   * @param begun steps done; what the run's files say of later ones is left out
   */
  LiveReport(RunDirectory run, int begun) {
    this(run, begun, System::nanoTime);
  }

  LiveReport(RunDirectory run, int begun, LongSupplier clock) {
    this.run = run;
    this.clock = clock;
    this.metrics = new ArrayList<>(run.readMetrics());
    this.samples = new ArrayList<>(run.readSamples());
    metrics.removeIf(line -> line.step() > begun);
    samples.removeIf(sample -> sample.step() > begun);
  }

  /** The page of what is there already. */
  void begin() {
    write(samples);
  }

  /** A sample of the evaluation that is about to be logged. */
  void sampled(Sample sample) {
    samples.add(sample);
  }

  @Override
  public void logged(Metrics line) {
    metrics.add(line);
    stale = true;
    if (line.validationLoss() != null
        || clock.getAsLong() - written > TimeUnit.SECONDS.toNanos(PAUSE_SECONDS)) {
      write(samples);
    }
  }

  /** The page of all that was logged, also where a signal or an error ended the run. */
  @Override
  public void close() {
    if (stale) {
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
      LOG.warn("the report is not up to date: {}", e.getMessage());
    }
    written = clock.getAsLong();
    stale = false;
  }
}
