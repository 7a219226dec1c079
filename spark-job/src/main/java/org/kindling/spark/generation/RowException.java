package org.kindling.spark.generation;

import java.util.Locale;

/** Why one row cannot be continued. It concerns no other row. */
final class RowException extends Exception {
  private static final long serialVersionUID = 1;

  /** Kinds of errors, as the summary counts them and the error column names them. */
  enum Kind {
    /** The line is no JSON object. */
    JSON,
    /** There is no prompt: it is null, empty or not there. */
    PROMPT,
    /** The prompt, or one of the row's settings, has a wrong type. */
    TYPE,
    /** One of the row's settings is out of its range. */
    SETTING,
    /** The tokenizer lacks a character, or the bytes are no characters. */
    TEXT;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Kind kind;

  RowException(Kind kind, String message) {
    super(message, null, false, false); // made by the thousand, and shown without a stack trace
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** What the error column says: {@code prompt: it is null}. */
  String describe() {
    return kind.label() + ": " + getMessage();
  }
}
