package org.kindling.spark.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.kindling.model.sampling.SamplingSettings;
import org.kindling.spark.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code generate}: streams text that continues a prompt. Computes in this process, on one core.
 */
@Command(
    name = "generate",
    description = "Continues a prompt with a trained model.",
    sortOptions = false,
    showDefaultValues = true)
final class GenerateCommand implements Callable<Integer> {
  @Option(names = "--model", paramLabel = "DIR", required = true, description = "Run directory.")
  private String model;

  @Option(
      names = "--checkpoint",
      paramLabel = "NAME",
      defaultValue = "best",
      description = "best, latest, or a name such as step-00002000.")
  private String checkpoint;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      defaultValue = "",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "Text to continue. Without it, generation starts from a line end.")
  private String prompt;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "300",
      description = "Tokens to add.")
  private int maxNewTokens;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      defaultValue = "0.8",
      description = "Below 1 for likelier text, above for wilder; 0 takes the likeliest token.")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "0",
      description = "Choose among the K likeliest tokens; 0 for all.")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1.0",
      description = "Choose among the likeliest tokens that together have probability P.")
  private double topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      defaultValue = "0.0",
      description = "Choose among tokens with at least P times the likeliest one's probability.")
  private double minP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      defaultValue = "1.0",
      description = "Above 1 makes tokens unlikelier that the prompt or the text has already.")
  private double repetitionPenalty;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1337",
      description = "The same seed gives the same text.")
  private long seed;

  @Option(
      names = "--num-samples",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many continuations; sample i has the seed plus i.")
  private int numSamples;

  @Override
  public Integer call() {
    SamplingSettings sampling =
        new SamplingSettings(temperature, topK, topP, minP, repetitionPenalty, seed);
    requireAtLeast("--max-new-tokens", maxNewTokens, 0);
    requireAtLeast("--num-samples", numSamples, 1);
    TrainedModel trained = TrainedModel.load(model, checkpoint, List.of(), Sessions.hadoop());
    try (TextGeneration generation =
        new TextGeneration(
            trained.tokenizer(), trained.weights(), trained.settings().train().kernels())) {
      for (int i = 0; i < numSamples; i++) {
        generation.print(prompt, maxNewTokens, sampling.withSeed(seed + i));
        if (numSamples > 1) {
          System.out.println("---------------");
        }
      }
    }
    return 0;
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new InputException("%s = %d: must be at least %d".formatted(name, value, least));
    }
  }
}
