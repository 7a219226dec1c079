package org.kindling.spark.command;

import java.io.PrintStream;
import java.time.Clock;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.run.Checkpoint;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.tensorboard.EventLog;
import picocli.CommandLine.Option;

/** The options of commands that train and may write event files. */
final class TensorBoardOption {
  @Option(
      names = "--tensorboard",
      description =
          "Write event files for TensorBoard into the run's folder tensorboard/: curves, settings"
              + " and samples.")
  private boolean wanted;

  @Option(
      names = "--tensorboard-histograms",
      description = "The same with histograms of all weights at each evaluation.")
  private boolean histograms;

  /**
   * Events of a run that is about to train.
   *
   * @param begin what it begins with
   * @param out where to say so
   */
  LiveEvents open(RunDirectory run, Checkpoint begin, Configuration hadoop, PrintStream out) {
    Optional<EventLog> log =
        wanted || histograms
            ? Optional.of(new EventLog(run, hadoop, begin.step(), Clock.systemUTC()))
            : Optional.empty();
    log.ifPresent(events -> out.printf("TensorBoard: events go to %s%n", events));
    LiveEvents events = new LiveEvents(log, ParameterLayout.of(begin.state().model()), histograms);
    events.begin(begin.step(), run.config(), begin.weights());
    return events;
  }
}
