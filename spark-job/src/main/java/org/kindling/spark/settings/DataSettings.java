package org.kindling.spark.settings;

import java.io.Serializable;

/**
 * Which text is read, and how much of it is kept for validation.
 *
 * @param input a file, directory or glob in any Hadoop file system; empty means the built-in plays
 * @param validationFraction share of the tokens, at the end of the text, that is never trained on
 */
public record DataSettings(String input, double validationFraction) implements Serializable {

  public DataSettings {
    Rule.check(
        validationFraction >= 0 && validationFraction <= 1,
        "data.validation-fraction",
        validationFraction,
        "must be from 0 to 1");
  }
}
