package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.refused;
import static org.kindling.spark.command.CommandLineFixture.train;
import static org.kindling.spark.command.CommandLineFixture.write;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.spark.corpus.Tables;

/** Texts and tables that nothing can be trained on: one line says why, and there is no run. */
@ExtendWith(CommandLineFixture.class)
class BadTextTest {
  @TempDir static Path folder;
  private static Path text;

  @BeforeAll
  static void writeText() {
    text = CommandLineFixture.rhyme(folder);
  }

  @Test
  void textThatCannotBeTrainedOn() throws IOException {
    Path output = folder.resolve("no text");
    Path invalid = Files.write(folder.resolve("latin1.txt"), new byte[] {'a', (byte) 0xe9, 'b'});

    refused(train(folder.resolve("gone.txt"), output), folder.resolve("gone.txt").toString());
    refused(train(write(folder.resolve("empty.txt"), ""), output), "empty.txt");
    refused(train(invalid, output), "latin1.txt");
    refused(
        train(write(folder.resolve("short.txt"), "too few"), output),
        "the training split has 6 tokens in its longest document; a chunk needs model.context + 1 = 9");
    assertThat(output).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"text": "a"           | bad.jsonl, line 3: it is not valid JSON: Unexpected end-of-input
          {"txt": "a"}           | bad.jsonl, line 3: it has no field "text"; did you mean txt?
          {"text": 7}            | bad.jsonl, line 3: its field "text" is no string but a number
          {"text": null}         | bad.jsonl, line 3: its field "text" is null, not text
          ["text"]               | bad.jsonl, line 3: it is no JSON object
          {"text": "\\udc00"}    | bad.jsonl, line 3: its field "text" has half a surrogate pair
          """)
  void aJsonLineWithoutText(String line, String message) {
    String good = "{\"text\": \"Jack and Jill went up the hill\"}\n";
    Path lines = write(folder.resolve("bad.jsonl"), good + "\n" + line + "\n" + good);
    Path output = folder.resolve("never");

    refused(train(lines, output, "data.format=jsonl"), message);
    refused(train(lines, output, "data.format=jsonl", "data.field=id"), "line 1: it has no field");
    assertThat(output).doesNotExist();
  }

  @Test
  void aTableWithoutText() throws IOException {
    Path output = folder.resolve("never");
    Path table =
        Tables.write(folder.resolve("bad.parquet"), 1 << 20, Arrays.asList("Jack", null, "Jill"));

    refused(
        train(table, output, "data.format=parquet"),
        "bad.parquet has no column \"text\"; did you mean body? It has id, body, raw");
    refused(
        train(table, output, "data.format=parquet", "data.field=boddy"),
        "bad.parquet has no column \"boddy\"; did you mean body?");
    refused(
        train(table, output, "data.format=parquet", "data.field=id"),
        "bad.parquet has column \"id\" as required int32 id; its columns of strings are body");
    refused(
        train(table, output, "data.format=parquet", "data.field=body"),
        "bad.parquet, row 2: column \"body\" is null, not text");
    refused(train(text, output, "data.format=parquet"), "rhyme.txt cannot be read as Parquet: ");
    refused(train(text, output, "data.format=jsonl"), "rhyme.txt, line 1: it is not valid JSON: ");
    assertThat(output).doesNotExist();
  }

  @Test
  void aDamagedCompressedText() throws IOException {
    Path damaged = folder.resolve("damaged.txt.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(damaged))) {
      out.write(Files.readAllBytes(text));
    }
    byte[] bytes = Files.readAllBytes(damaged);
    Files.write(damaged, Arrays.copyOf(bytes, bytes.length - 20));

    refused(
        train(damaged, folder.resolve("never")),
        "cannot read file:" + damaged + ": Unexpected end of input stream");
  }
}
