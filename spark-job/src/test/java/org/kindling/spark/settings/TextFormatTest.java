package org.kindling.spark.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.spark.InputException;

class TextFormatTest {
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
  void aFilesNameSaysItsFormat(String name, TextFormat format) {
    assertThat(TextFormat.of("texts", List.of("file:/texts/" + name))).isEqualTo(format);
  }

  @Test
  void filesOfSeveralFormatsAreRefused() {
    assertThatThrownBy(() -> TextFormat.of("texts", List.of("file:/a.txt", "file:/b.jsonl")))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "texts has files of different formats (jsonl, text): choose with --input or --format");
  }

  @Test
  void formatsHaveNames() {
    assertThat(TextFormat.of("parquet")).isEqualTo(TextFormat.PARQUET);
    assertThatThrownBy(() -> TextFormat.of("json"))
        .isInstanceOf(InputException.class)
        .hasMessage("--format json: must be one of text, jsonl, parquet; did you mean jsonl?");
  }
}
