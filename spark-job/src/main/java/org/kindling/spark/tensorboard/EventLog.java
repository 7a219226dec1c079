package org.kindling.spark.tensorboard;

import java.io.IOException;
import java.time.Clock;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.kindling.model.ParameterLayout;
import org.kindling.model.ParameterLayout.Parameter;
import org.kindling.spark.files.WholeFiles;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.run.RunDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event files of a run, in its folder {@value RunDirectory#EVENTS}. Each process that trains
 * writes a file of its own, and more where one breaks. Events are visible as soon as they are
 * flushed, or, in an object store, at the next evaluation.
 *
 * <p>Nothing here ends training: when a file cannot be written, that is a line in the log, and the
 * next evaluation begins another file.
 *
 * <p>Life: any number of {@link #metrics}, {@link #text} and {@link #histograms}, each step's in
 * the order of steps, with {@link #evaluated} after those of an evaluation, then {@link #close}.
 */
public final class EventLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  private final Path folder;
  private final Configuration hadoop;
  private final Clock clock;
  private final int begun;

  /** Null before the first event and between files. */
  private EventFile file;

  /** Whether there will be no file until the next evaluation. */
  private boolean failed;

  private boolean started;

  /**
   * Writes nothing yet.
   *
   * @param begun steps done; what older files say of later steps is void
   * @param clock when events are
   */
  public EventLog(RunDirectory run, Configuration hadoop, int begun, Clock clock) {
    this.folder = new Path(run.path(), RunDirectory.EVENTS);
    this.hadoop = hadoop;
    this.clock = clock;
    this.begun = begun;
  }

  /** A line of metrics.jsonl, as points of curves. */
  public void metrics(Metrics line) {
    scalar(line, "loss/training", line.trainLoss());
    if (line.validationLoss() != null) {
      scalar(line, "loss/validation", line.validationLoss());
    }
    scalar(line, "optimizer/learning-rate", line.learningRate());
    scalar(line, "optimizer/gradient-norm", line.gradientNorm());
    scalar(line, "speed/tokens-per-second", line.tokensPerSecond());
    scalar(line, "speed/bytes-sent-per-step", line.bytesSent());
    scalar(line, "milliseconds/step", line.stepMillis());
    scalar(line, "milliseconds/weights", line.weightsMillis());
    scalar(line, "milliseconds/computation", line.computeMillis());
    scalar(line, "milliseconds/adding-gradients", line.reduceMillis());
    scalar(line, "milliseconds/optimizer", line.optimizerMillis());
    flush();
  }

  /** A text, shown as it is: to Markdown, indented lines are no markup. */
  public void text(int step, String tag, String text) {
    String indented =
        text.lines().map(line -> "    " + line).collect(Collectors.joining("\n", "", "\n"));
    append(Event.text(now(), step, tag, indented));
  }

  /**
   * How the weights of each of the model's tensors are spread.
   *
   * @param weights P values, all finite
   */
  public void histograms(int step, ParameterLayout layout, float[] weights) {
    for (Parameter one : layout.parameters()) {
      int end = one.offset() + one.length();
      append(
          Event.histogram(
              now(), step, "weights/" + one.name(), Histogram.of(weights, one.offset(), end)));
    }
  }

  /** All of an evaluation's events are written: a good moment to end a file, or to begin one. */
  public void evaluated() {
    failed = false;
    if (file != null && !file.showsBeforeItsEnd()) {
      close();
    }
  }

  @Override
  public void close() {
    if (file == null) {
      return;
    }
    try {
      file.close();
      file = null;
    } catch (IOException e) {
      giveUp(e);
    }
  }

  private void scalar(Metrics line, String tag, double value) {
    append(Event.scalar(now(), line.step(), tag, value));
  }

  private double now() {
    return clock.millis() / 1e3;
  }

  private void append(Event event) {
    if (failed) {
      return;
    }
    try {
      if (file == null) {
        file = EventFile.begin(WholeFiles.of(folder, hadoop), folder, clock.millis());
      }
      if (!started) {
        file.append(Event.begin(now(), begun + 1L));
        started = true;
      }
      file.append(event);
    } catch (IOException e) {
      giveUp(e);
    }
  }

  private void flush() {
    try {
      if (file != null && file.showsBeforeItsEnd()) {
        file.flush();
      }
    } catch (IOException e) {
      giveUp(e);
    }
  }

  private void giveUp(IOException e) {
    LOG.warn(
        "{}: nothing for TensorBoard until the next evaluation, as writing failed: {}",
        file == null ? WholeFiles.show(folder) : file,
        e.getMessage() == null ? e : e.getMessage());
    if (file != null) {
      file.abandon();
      file = null;
    }
    failed = true;
  }

  /** The folder as users write it. */
  @Override
  public String toString() {
    return WholeFiles.show(folder);
  }
}
