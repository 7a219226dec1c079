package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.train;
import static org.kindling.spark.command.CommandLineFixture.write;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.command.CommandLineFixture.Result;
import org.kindling.spark.corpus.Tables;

/**
 * The same documents in another format train the same model, and are evaluated to the same loss.
 */
@ExtendWith(CommandLineFixture.class)
class DataFormatTest {
  @TempDir Path folder;
  private Path texts;
  private Path compressed;
  private Path lines;
  private Path table;

  @BeforeEach
  void writeDocuments() throws IOException {
    texts = Files.createDirectory(folder.resolve("texts"));
    compressed = Files.createDirectory(folder.resolve("compressed"));
    List<String> documents = new ArrayList<>();
    StringBuilder json = new StringBuilder();
    for (int d = 0; d < 12; d++) {
      documents.add(CommandLineFixture.RHYME.substring(31 * d, 31 * d + 200));
      write(texts.resolve("%02d.txt".formatted(d)), documents.get(d));
      Path gzip = compressed.resolve("%02d.txt.gz".formatted(d));
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
        out.write(documents.get(d).getBytes(StandardCharsets.UTF_8));
      }
      json.append(new ObjectMapper().createObjectNode().put("body", documents.get(d))).append("\n");
    }
    lines = write(folder.resolve("lines.jsonl"), json.toString());
    table = Tables.write(folder.resolve("table.parquet"), 500, documents);
  }

  @Test
  void weightsAreTheSame() throws IOException {
    for (String tokenizer : List.of("tokenizer.type=char", "tokenizer.type=bpe")) {
      List<String> settings = List.of("train.steps=6", tokenizer, "tokenizer.vocab-size=300");
      byte[] expected = weights(texts, settings);
      assertThat(weights(compressed, settings)).isEqualTo(expected);
      assertThat(weights(lines, settings, "data.format=jsonl", "data.field=body"))
          .isEqualTo(expected);
      assertThat(weights(table, settings, "data.format=parquet", "data.field=body"))
          .isEqualTo(expected);
    }
  }

  @Test
  void aRunGoesOnWithItsFormatAndEvaluatesOthers() {
    Path run = folder.resolve("run");
    String[] format = {"train.steps=4", "data.format=jsonl", "data.field=body"};
    assertThat(train(lines, run, format).exitCode()).isZero();

    assertThat(kindling("train", "--resume", run.toString(), "train.steps=6").exitCode()).isZero();

    double loss = loss(run);
    assertThat(loss(run, "--input", lines.toString())).isEqualTo(loss);
    assertThat(loss(run, "--input", table.toString(), "--format", "parquet")).isEqualTo(loss);
    assertThat(loss(run, "--input", texts.toString(), "--format", "text")).isEqualTo(loss);
    Path other = write(folder.resolve("other.jsonl"), "{\"words\": \"Jack and Jill went up\"}");
    assertThat(
            loss(
                run, "--input", other.toString(), "--field", "words", "data.validation-fraction=1"))
        .isNotEqualTo(loss);
  }

  private static double loss(Path run, String... more) {
    List<String> args = new ArrayList<>(List.of("evaluate", "--model", run.toString()));
    args.addAll(List.of(more));
    Result result = kindling(args.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result.figure("loss");
  }

  private byte[] weights(Path input, List<String> settings, String... more) throws IOException {
    Path run = Files.createTempDirectory(folder, "run");
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(more));
    Result result = train(input, run, all.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return Files.readAllBytes(run.resolve("checkpoints/step-00000006/model.safetensors"));
  }
}
