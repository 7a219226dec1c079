package org.kindling.spark.command;

import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.corpus.DocumentReader;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.settings.DataSettings;

/** The text that a run's settings name. */
final class RunText {
  private RunText() {}

  /**
   * Finds its files.
   *
   * @throws org.kindling.spark.InputException if there are none
   */
  static TextFiles find(DataSettings data, Configuration hadoop) {
    DocumentReader reader =
        DocumentReader.of(data.format(), data.field(), DocumentReader.Nulls.REFUSED);
    return TextFiles.find(BuiltInText.orGiven(data.input(), hadoop), reader, hadoop);
  }
}
