package org.kindling.spark.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.kindling.spark.InputException;
import org.kindling.spark.command.train.RunText;
import org.kindling.spark.command.train.TrainingRun;
import org.kindling.spark.settings.Preset;
import org.kindling.spark.settings.SettingHelp;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code train}: from text to a run directory with a model. */
@Command(
    name = "train",
    description = "Trains a model on text and writes a run directory.",
    sortOptions = false)
final class TrainCommand implements Callable<Integer> {
  @Option(
      names = "--input",
      paramLabel = "PATH",
      description =
          "Text to train on: a file, directory or glob in any Hadoop file system. The same as"
              + " data.input=PATH. Without it: three plays of Shakespeare's.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Run directory to write. Without it: a new folder under runs/.")
  private String output;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings file, or the name of a preset in conf/. Default: " + DEFAULT_PRESET + ".")
  private String config;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description =
          "Continue this run from its newest whole checkpoint, with its own settings; changed"
              + " ones are listed.")
  private String resume;

  @Option(
      names = "--force",
      description =
          "With --resume: even with another text or with train settings that change what is learned.")
  private boolean force;

  @Option(names = "--overwrite", description = "Replace the run that --output holds.")
  private boolean overwrite;

  @Mixin private TensorBoardOption tensorBoard;

  @Parameters(paramLabel = "NAME=VALUE", description = "Settings, over those of the file.")
  private List<String> overrides = new ArrayList<>();

  static final String DEFAULT_PRESET = "shakespeare";

  /** The settings' table, as picocli wants it: percent signs and dollar signs doubled. */
  static String[] settingsHelp() {
    return SettingHelp.table().replace("%", "%%").replace("$", "$$").split("\\R");
  }

  @Override
  public Integer call() {
    List<String> settings = new ArrayList<>(overrides);
    RunText.given(input).ifPresent(settings::add);
    if (resume != null) {
      refuse(output != null, "--output", "--resume continues in the run's own directory");
      refuse(config != null, "--config", "--resume continues with the run's own settings");
      refuse(overwrite, "--overwrite", "--resume continues a run and replaces none");
      TrainingRun.resume(resume, tensorBoard.settings(), settings, force);
    } else {
      refuse(force, "--force", "it is for --resume");
      refuse(
          overwrite && output == null, "--overwrite", "without --output each run has a new folder");
      // A file in this folder that happens to be called like the default preset is none.
      Preset preset = config == null ? Preset.builtIn(DEFAULT_PRESET) : Preset.find(config);
      TrainingRun.start(preset, output, overwrite, tensorBoard.settings(), settings);
    }
    return 0;
  }

  private static void refuse(boolean given, String option, String reason) {
    if (given) {
      throw new InputException("%s: leave %s out".formatted(reason, option));
    }
  }
}
