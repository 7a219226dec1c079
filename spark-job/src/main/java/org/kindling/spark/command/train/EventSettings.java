package org.kindling.spark.command.train;

import java.io.PrintStream;
import java.time.Clock;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.run.Checkpoint;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.tensorboard.EventLog;

/**
 * Which event files for TensorBoard a run writes.
 *
 * @param wanted whether there are any
 * @param histograms whether they hold the weights' histograms, too
 */
public record EventSettings(boolean wanted, boolean histograms) {
  public static final EventSettings NONE = new EventSettings(false, false);

  /**
   * Events of a run that is about to train.
   *
   * @param begin what it begins with
   * @param out where to say so
   */
  LiveEvents open(RunDirectory run, Checkpoint begin, Configuration hadoop, PrintStream out) {
    Optional<EventLog> log =
        wanted
            ? Optional.of(new EventLog(run, hadoop, begin.step(), Clock.systemUTC()))
            : Optional.empty();
    log.ifPresent(events -> out.printf("TensorBoard: events go to %s%n", events));
    LiveEvents events = new LiveEvents(log, ParameterLayout.of(begin.state().model()), histograms);
    events.begin(begin.step(), run.config(), begin.weights());
    return events;
  }
}
