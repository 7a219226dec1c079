package org.kindling.spark.command;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.run.TrainedModel;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options that name a trained model. */
final class ModelOption {
  @Option(names = "--model", paramLabel = "DIR", required = true, description = "Run directory.")
  private String directory;

  @Option(
      names = "--checkpoint",
      paramLabel = "NAME",
      defaultValue = "best",
      showDefaultValue = Visibility.ALWAYS,
      description = "best, latest, or a name such as step-00002000.")
  private String checkpoint;

  /** The run's directory as the user wrote it. */
  String directory() {
    return directory;
  }

  /**
   * Loads the model.
   *
   * @param overrides settings over those of its run
   * @throws org.kindling.spark.InputException if there is none, or it is damaged
   */
  TrainedModel load(List<String> overrides, Configuration hadoop) {
    return TrainedModel.load(directory, checkpoint, overrides, hadoop);
  }
}
