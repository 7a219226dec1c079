package org.kindling.spark.tokenizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.TextFiles;

class TextFormatTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "book.txt, TEXT",
    "README, TEXT",
    "book.txt.gz, TEXT",
    "lines.jsonl, JSONL",
    "Lines.NDJSON.gz, JSONL",
    "part-0.snappy.parquet, PARQUET",
    "parquet, TEXT",
  })
  void aFilesNameSaysItsFormat(String name, TextFormat format) throws IOException {
    Files.writeString(folder.resolve(name), "x");

    assertThat(TextFormat.of(files())).isEqualTo(format);
  }

  @Test
  void filesOfSeveralFormatsAreRefused() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "x");
    Files.writeString(folder.resolve("b.jsonl"), "x");

    assertThatThrownBy(() -> TextFormat.of(files()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            folder
                + " has files of different formats (jsonl, text): choose with --input or --format");
  }

  @Test
  void formatsHaveNames() {
    assertThat(TextFormat.of("parquet")).isEqualTo(TextFormat.PARQUET);
    assertThatThrownBy(() -> TextFormat.of("csv"))
        .isInstanceOf(InputException.class)
        .hasMessage("--format csv: must be one of text, jsonl, parquet");
  }

  private TextFiles files() {
    return TextFiles.find(folder.toString(), new Configuration());
  }
}
