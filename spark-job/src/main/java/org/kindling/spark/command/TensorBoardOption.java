package org.kindling.spark.command;

import org.kindling.spark.command.train.EventSettings;
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

  /** What they say; histograms need files. */
  EventSettings settings() {
    return new EventSettings(wanted || histograms, histograms);
  }
}
