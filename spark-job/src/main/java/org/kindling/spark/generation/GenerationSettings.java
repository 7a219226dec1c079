package org.kindling.spark.generation;

import java.io.Serializable;
import java.util.List;
import org.kindling.model.sampling.SamplingSettings;
import org.kindling.spark.InputException;

/**
 * How one prompt is continued.
 *
 * @param maxNewTokens most tokens to add
 * @param sampling how each is chosen
 * @param stop texts that end generation as soon as the completion contains one; it ends before it
 */
public record GenerationSettings(int maxNewTokens, SamplingSettings sampling, List<String> stop)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** What the command line's defaults are. */
  public static final GenerationSettings DEFAULTS =
      new GenerationSettings(300, SamplingSettings.at(0.8, 1337), List.of());

  public GenerationSettings {
    if (maxNewTokens < 0) {
      throw new InputException("max-new-tokens = %d: must be at least 0".formatted(maxNewTokens));
    }
    if (stop.contains("")) {
      throw new InputException("stop = \"\": must have a character");
    }
    stop = List.copyOf(stop);
  }

  /** The same with another number of tokens. */
  public GenerationSettings withMaxNewTokens(int count) {
    return new GenerationSettings(count, sampling, stop);
  }

  /** The same with another way of choosing. */
  public GenerationSettings withSampling(SamplingSettings other) {
    return new GenerationSettings(maxNewTokens, other, stop);
  }

  /** The same with other stop strings. */
  public GenerationSettings withStop(List<String> other) {
    return new GenerationSettings(maxNewTokens, sampling, other);
  }
}
