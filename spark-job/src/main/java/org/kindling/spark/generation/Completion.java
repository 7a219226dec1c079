package org.kindling.spark.generation;

/**
 * What a row gets: its completion, or why it has none. Null is what does not apply.
 *
 * @param text the completion, without the prompt
 * @param finishReason {@code length}, {@code stop} or {@code error}
 * @param promptTokens the prompt's tokens, of which the model sees the last T
 * @param completionTokens tokens that were generated, those of a stop string and the end of text
 *     included
 * @param seed as {@code --seed} of the prompt alone, or as the row's own, it reproduces the row
 * @param error kind and message
 */
record Completion(
    String text,
    String finishReason,
    Integer promptTokens,
    Integer completionTokens,
    Long seed,
    String error) {
  static final String LENGTH = "length";
  static final String STOP = "stop";
  static final String ERROR = "error";

  /** A row's error, which leaves it the seed that it may have brought. */
  static Completion failed(Long seed, RowException cause) {
    return new Completion(null, ERROR, null, null, seed, cause.describe());
  }

  /** The values in the order of {@link OutputColumns}. */
  Object[] values() {
    return new Object[] {text, finishReason, promptTokens, completionTokens, seed, error};
  }
}
