package org.kindling.spark.settings;

import java.io.Serializable;

/**
 * Which text is read, and how much of it is kept for validation.
 *
 * @param input a file, directory or glob in any Hadoop file system; empty means the built-in plays
 * @param format how the files hold documents
 * @param field the JSON field or the Parquet column that holds the text
 * @param validationFraction share of the tokens, at the end of the text, that is never trained on
 */
public record DataSettings(String input, TextFormat format, String field, double validationFraction)
    implements Serializable {

  /** What {@link #field} is where nobody says anything else. */
  public static final String DEFAULT_FIELD = "text";

  public DataSettings {
    Rule.check(
        !input.isBlank() || format == TextFormat.TEXT,
        "data.format",
        format.label(),
        "needs data.input; without it the text is three built-in plays");
    Rule.check(!field.isEmpty(), "data.field", field, "must be the name of a field or a column");
    Rule.check(
        format != TextFormat.TEXT || field.equals(DEFAULT_FIELD),
        "data.field",
        field,
        "is for data.format = jsonl or parquet, not text");
    Rule.check(
        validationFraction >= 0 && validationFraction <= 1,
        "data.validation-fraction",
        validationFraction,
        "must be from 0 to 1");
  }
}
