package org.kindling.spark.command;

import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.InputException;
import org.kindling.spark.generation.BatchSettings;
import org.kindling.spark.generation.GenerationSettings;
import org.kindling.spark.generation.TableJob;
import picocli.CommandLine.Option;

/** The options for a table of prompts in place of one. */
final class TableOptions {
  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description = "Prompts: file, directory or glob in any Hadoop file system.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the rows of the input with their completions, in their order.")
  private String output;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "text (a line is a prompt, and becomes a JSON line), jsonl or parquet. Default: by the"
              + " names of the files.")
  private String format;

  @Option(
      names = "--prompt-field",
      paramLabel = "NAME",
      defaultValue = "prompt",
      description = "JSON field or Parquet column that holds the prompt.")
  private String promptField;

  @Option(
      names = "--mode",
      paramLabel = "NAME",
      defaultValue = "error",
      description = "What if --output exists: error, overwrite or append.")
  private String mode;

  @Option(
      names = "--on-error",
      paramLabel = "NAME",
      defaultValue = "row",
      description =
          "A row that cannot be continued says so in its column error (row), or ends the job"
              + " (fail).")
  private String onError;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "" + BatchSettings.DEFAULT_SLOTS,
      description = "Prompts that a core continues at once. Texts do not depend on it.")
  private int slots;

  /** What they say, with what holds for prompts in general. */
  BatchSettings settings(GenerationSettings generation, int numSamples) {
    return new BatchSettings(promptField, generation, numSamples, slots, onError());
  }

  /** The job, not run yet. */
  TableJob job(BatchSettings settings, Configuration hadoop) {
    return TableJob.prepare(input, format, output, mode, settings, hadoop);
  }

  private BatchSettings.OnError onError() {
    return switch (onError) {
      case "row" -> BatchSettings.OnError.ROW;
      case "fail" -> BatchSettings.OnError.FAIL;
      default -> throw new InputException("--on-error %s: must be row or fail".formatted(onError));
    };
  }
}
