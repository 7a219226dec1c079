package org.kindling.spark.command;

import java.util.ArrayList;
import java.util.List;
import org.kindling.model.sampling.SamplingSettings;
import org.kindling.spark.InputException;
import org.kindling.spark.generation.GenerationSettings;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options that say how text goes on. */
final class SamplingOptions {
  private static final SamplingSettings SAMPLING = GenerationSettings.DEFAULTS.sampling();

  @Option(names = "--max-new-tokens", paramLabel = "N", description = "Tokens to add.")
  private int maxNewTokens = GenerationSettings.DEFAULTS.maxNewTokens();

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = "Below 1 for likelier text, above for wilder; 0 takes the likeliest token.")
  private double temperature = SAMPLING.temperature();

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Choose among the K likeliest tokens; 0 for all.")
  private int topK = SAMPLING.topK();

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Choose among the likeliest tokens that together have probability P.")
  private double topP = SAMPLING.topP();

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Choose among tokens with at least P times the likeliest one's probability.")
  private double minP = SAMPLING.minP();

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description = "Above 1 makes tokens unlikelier that the prompt or the text has already.")
  private double repetitionPenalty = SAMPLING.repetitionPenalty();

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      showDefaultValue = Visibility.NEVER,
      description = "End before this text, as soon as it comes. May be given several times.")
  private List<String> stop = new ArrayList<>();

  @Option(names = "--seed", paramLabel = "N", description = "The same seed gives the same text.")
  private long seed = SAMPLING.seed();

  @Option(
      names = "--num-samples",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "How many continuations of a prompt; sample i has the seed plus i, in a table where the row has a seed.")
  private int numSamples;

  /**
   * What they say together.
   *
   * @throws InputException (or a model's) naming the one that is out of its range
   */
  GenerationSettings settings() {
    if (numSamples < 1) {
      throw new InputException("--num-samples = %d: must be at least 1".formatted(numSamples));
    }
    return new GenerationSettings(
        maxNewTokens,
        new SamplingSettings(temperature, topK, topP, minP, repetitionPenalty, seed),
        stop);
  }

  int numSamples() {
    return numSamples;
  }
}
