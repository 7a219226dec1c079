package org.kindling.spark.command;

import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.kindling.model.ModelSettings;
import org.kindling.model.insight.ForwardPass;
import org.kindling.spark.InputException;
import org.kindling.spark.run.TrainedModel;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that look at one forward pass over a prompt. */
final class PromptOptions {
  @Mixin private ModelOption model;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      required = true,
      description = "Text that the model reads; of one longer than its context, the last tokens.")
  private String prompt;

  /**
   * The model after one forward pass.
   *
   * @param directory the run's, as users name it
   * @param leftOut tokens at the prompt's beginning that the context has no room for
   */
  record Pass(String directory, TrainedModel trained, ForwardPass forward, int leftOut) {
    ModelSettings model() {
      return trained.weights().state().model();
    }

    /** Which weights it was. */
    String title() {
      return "%s, step %d".formatted(directory, trained.weights().state().step());
    }
  }

  /** What a command demands of a pass before it is made. */
  interface Check {
    void of(ModelSettings model, int tokens);
  }

  /**
   * Loads the model and runs it.
   *
   * @throws InputException if the prompt is empty, or what the check throws
   * @throws org.kindling.tokenizer.TokenizerException if the vocabulary lacks one of its characters
   */
  Pass run(Configuration hadoop, Check check) {
    if (prompt.isEmpty()) {
      throw new InputException("--prompt is empty: give at least one character");
    }
    TrainedModel trained = model.load(List.of(), hadoop);
    ModelSettings settings = trained.weights().state().model();
    int[] ids = trained.tokenizer().encode(prompt);
    int leftOut = Math.max(0, ids.length - settings.context());
    check.of(settings, ids.length - leftOut);
    ForwardPass forward =
        ForwardPass.of(
            settings,
            trained.weights().values(),
            Arrays.copyOfRange(ids, leftOut, ids.length),
            trained.settings().train().kernels());
    return new Pass(model.directory(), trained, forward, leftOut);
  }
}
