package org.kindling.spark.generation;

import java.util.List;
import org.kindling.spark.InputException;

/**
 * The columns that a completion adds behind those of its row. A column of the input with one of
 * these names, however it writes capitals, gives way: the output has the new one only.
 */
final class OutputColumns {
  static final String COMPLETION = "completion";
  static final String FINISH_REASON = "finish_reason";
  static final String PROMPT_TOKENS = "prompt_tokens";
  static final String COMPLETION_TOKENS = "completion_tokens";
  static final String SEED = "seed";
  static final String ERROR = "error";

  /** In the order in which they are written. */
  static final List<String> NAMES =
      List.of(COMPLETION, FINISH_REASON, PROMPT_TOKENS, COMPLETION_TOKENS, SEED, ERROR);

  private OutputColumns() {}

  /** Whether a column of the input gives way. */
  static boolean replace(String name) {
    return NAMES.stream().anyMatch(name::equalsIgnoreCase);
  }

  /**
   * Refuses a prompt that would give way to what is made of it.
   *
   * @throws InputException naming both
   */
  static void requireKept(String promptField) {
    if (replace(promptField)) {
      throw new InputException(
          "--prompt-field %s: the output has a column of that name itself; rename the input's"
              .formatted(promptField));
    }
  }
}
