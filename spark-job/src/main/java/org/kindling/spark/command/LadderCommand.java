package org.kindling.spark.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.logging.log4j.Level;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.InputException;
import org.kindling.spark.command.train.RunText;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.session.Sessions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ladder}: the lecture's models one after the other, and what each gains. */
@Command(
    name = "ladder",
    description = {
      "Trains the models of Karpathy's lecture \"Let's build GPT\", from a bigram table to a GPT,",
      "and compares them: the presets conf/lecture/*, as many as there is time for."
    },
    sortOptions = false)
final class LadderCommand implements Callable<Integer> {
  @ParentCommand private Kindling kindling;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      description = "Text to train on. Without it: three plays of Shakespeare's.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Folder for ladder.html and a run of each model. Without it: a new folder under runs/.")
  private String output;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "15",
      description =
          "Time for all. A model that would take longer than what is left, by a few measured"
              + " steps, is left out. Default: ${DEFAULT-VALUE}, enough for all but the last on two"
              + " cores.")
  private double minutes;

  @Option(names = "--overwrite", description = "Replace the ladder that --output holds.")
  private boolean overwrite;

  @Mixin private TensorBoardOption tensorBoard;

  @Parameters(paramLabel = "NAME=VALUE", description = "Settings for all, over the presets'.")
  private List<String> overrides = new ArrayList<>();

  @Override
  public Integer call() {
    if (!(minutes > 0 && Double.isFinite(minutes))) {
      throw new InputException("--minutes = %s: must be above 0 and finite".formatted(minutes));
    }
    List<String> settings = new ArrayList<>(overrides);
    RunText.given(input).ifPresent(settings::add);
    kindling.quieten(Level.WARN); // fourteen runs would say the same things fourteen times
    Ladder.check(settings);
    if (output != null) {
      LadderFolder.at(output, Sessions.hadoop()).refuseTaken(overwrite);
    } else if (overwrite) {
      throw new InputException(
          "without --output each ladder has a new folder: leave --overwrite out");
    }
    try (JavaSparkContext spark = Sessions.start("ladder")) {
      String name = output == null ? RunDirectory.freshFolder("ladder") : output;
      LadderFolder folder = LadderFolder.at(name, spark.hadoopConfiguration());
      new Ladder(spark, folder, overwrite, tensorBoard.settings(), settings).climb(minutes);
    }
    return 0;
  }
}
