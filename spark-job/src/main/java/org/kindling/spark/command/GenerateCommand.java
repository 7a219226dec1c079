package org.kindling.spark.command;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.kindling.spark.InputException;
import org.kindling.spark.generation.BatchSettings;
import org.kindling.spark.generation.GenerationSettings;
import org.kindling.spark.generation.TableJob;
import org.kindling.spark.generation.TextGeneration;
import org.kindling.spark.run.TrainedModel;
import org.kindling.spark.session.Sessions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code generate}: streams text that continues a prompt, in this process, on one core; or
 * continues a table of prompts, on all that Spark has.
 */
@Command(
    name = "generate",
    description = {
      "Continues a prompt with a trained model, or, with --input and --output, a table of prompts.",
      "A column of a table that has the name of a setting (temperature, top_k, top_p, min_p,"
          + " repetition_penalty, stop, seed, max_new_tokens) says it for its row."
    },
    sortOptions = false,
    showDefaultValues = true)
final class GenerateCommand implements Callable<Integer> {
  @Mixin private ModelOption model;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      showDefaultValue = Visibility.NEVER,
      description = "Text to continue. Without it, generation starts from a line end.")
  private String prompt;

  @Mixin private SamplingOptions sampling;

  @ArgGroup(exclusive = false, heading = "Tables of prompts, by Spark:%n")
  private TableOptions table;

  @Override
  public Integer call() throws IOException {
    GenerationSettings settings = sampling.settings();
    if (table == null) {
      TrainedModel trained = load();
      StandardOutput.write(out -> print(trained, settings, TextGeneration.printer(out)));
    } else if (prompt == null) {
      BatchSettings batch = table.settings(settings, sampling.numSamples());
      TableJob job = table.job(batch, Sessions.hadoop());
      TableGeneration.run(job, load());
    } else {
      throw new InputException("--prompt and --input: give one of them");
    }
    return 0;
  }

  private TrainedModel load() {
    return model.load(List.of(), Sessions.hadoop());
  }

  private void print(TrainedModel trained, GenerationSettings settings, Consumer<String> out) {
    try (TextGeneration generation =
        new TextGeneration(
            trained.tokenizer(), trained.weights(), trained.settings().train().kernels())) {
      long seed = settings.sampling().seed();
      for (int i = 0; i < sampling.numSamples(); i++) {
        generation.print(
            prompt == null ? "" : prompt,
            settings.withSampling(settings.sampling().withSeed(seed + i)),
            out);
        if (sampling.numSamples() > 1) {
          out.accept("---------------\n");
        }
      }
    }
  }
}
