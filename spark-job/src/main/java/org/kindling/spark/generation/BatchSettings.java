package org.kindling.spark.generation;

import java.io.Serializable;
import org.kindling.spark.InputException;

/**
 * How a table of prompts is continued.
 *
 * @param promptField the column that holds the prompts
 * @param generation what holds for rows that do not say otherwise
 * @param numSamples rows of output for each of the input
 * @param slots sequences that a task continues at once; the texts do not depend on it
 * @param onError what a row does that cannot be continued
 */
public record BatchSettings(
    String promptField, GenerationSettings generation, int numSamples, int slots, OnError onError)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** As many as README's figures of decoding are for. */
  public static final int DEFAULT_SLOTS = 32;

  /** One completion of each row's {@code prompt}. */
  public static final BatchSettings DEFAULTS =
      new BatchSettings("prompt", GenerationSettings.DEFAULTS, 1, DEFAULT_SLOTS, OnError.ROW);

  /** What happens at a row that cannot be continued. */
  public enum OnError {
    /** The row says so in its column {@code error}; the others go on. */
    ROW,
    /** The job stops. */
    FAIL
  }

  public BatchSettings {
    requireAtLeastOne("num-samples", numSamples);
    requireAtLeastOne("slots", slots);
    OutputColumns.requireKept(promptField);
  }

  /** The same with prompts in another column. */
  public BatchSettings withPromptField(String name) {
    return new BatchSettings(name, generation, numSamples, slots, onError);
  }

  /** The same with other settings for rows that have none. */
  public BatchSettings withGeneration(GenerationSettings other) {
    return new BatchSettings(promptField, other, numSamples, slots, onError);
  }

  /** The same with another number of completions a row. */
  public BatchSettings withNumSamples(int count) {
    return new BatchSettings(promptField, generation, count, slots, onError);
  }

  /** The same with another number of sequences at once. */
  public BatchSettings withSlots(int count) {
    return new BatchSettings(promptField, generation, numSamples, count, onError);
  }

  /** The same with another answer to rows that cannot be continued. */
  public BatchSettings withOnError(OnError other) {
    return new BatchSettings(promptField, generation, numSamples, slots, other);
  }

  private static void requireAtLeastOne(String name, int value) {
    if (value < 1) {
      throw new InputException("%s = %d: must be at least 1".formatted(name, value));
    }
  }
}
