package org.kindling.spark.command.train;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.DocumentReader;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.settings.DataSettings;

/** The text that a run's settings name. */
public final class RunText {
  private RunText() {}

  /**
   * The setting that {@code --input} stands for; empty where it is not given.
   *
   * @throws InputException if it names nothing, as where a shell's variable is not set: that must
   *     not mean the built-in plays
   */
  public static Optional<String> given(String input) {
    if (input != null && input.isBlank()) {
      throw new InputException("--input is empty; it names a file, a directory or a glob");
    }
    return Optional.ofNullable(input).map(text -> "data.input=" + text);
  }

  /** The same files by names that mean them from any working directory; empty stays empty. */
  static String absolute(String input, Configuration hadoop) {
    return input.isBlank() ? input : TextFiles.absolute(input, hadoop);
  }

  /**
   * Finds its files.
   *
   * @throws InputException if there are none
   */
  public static TextFiles find(DataSettings data, Configuration hadoop) {
    DocumentReader reader =
        DocumentReader.of(data.format(), data.field(), DocumentReader.Nulls.REFUSED);
    return TextFiles.find(BuiltInText.orGiven(data.input(), hadoop), reader, hadoop);
  }
}
