package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.refused;
import static org.kindling.spark.command.CommandLineFixture.train;
import static org.kindling.spark.command.CommandLineFixture.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.command.CommandLineFixture.Result;

/** {@code generate} over files of text and JSON lines, as a user calls it. */
@ExtendWith(CommandLineFixture.class)
class GenerateTableTest {
  private static final String[] NAMES = {
    "completion", "finish_reason", "prompt_tokens", "completion_tokens", "seed", "error"
  };

  @TempDir static Path folder;
  private static Path run;

  @BeforeAll
  static void trainARun() {
    run = folder.resolve("run");
    Result trained =
        train(CommandLineFixture.rhyme(folder), run, "train.steps=10", "train.sample-tokens=0");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
  }

  private static Result generate(Object input, Path output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "generate",
                "--model=" + run,
                "--input=" + input,
                "--output=" + output,
                "--max-new-tokens=12"));
    args.addAll(List.of(more));
    return kindling(args.toArray(String[]::new));
  }

  /** The rows of a folder's parts in the order of names. */
  private static List<JsonNode> rows(Path output) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(output)) {
      for (Path part : files.filter(file -> isPart(file)).sorted().toList()) {
        for (String line : Files.readAllLines(part)) {
          rows.add(new ObjectMapper().readTree(line));
        }
      }
    }
    assertThat(output.resolve("_SUCCESS")).exists();
    return rows;
  }

  private static boolean isPart(Path file) {
    return file.getFileName().toString().matches("part-.*\\.jsonl");
  }

  private static List<String> values(List<JsonNode> rows, String name) {
    return rows.stream().map(row -> row.get(name).asText()).toList();
  }

  private static Path newFolder(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  @Test
  void aPromptALine() throws IOException {
    Path input = write(folder.resolve("prompts.txt"), "Jack\nJill went\r\n\nthe hill\nJack é");
    Path output = folder.resolve("out of text");

    Result result = generate(input, output, "--prompt-field=question");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    List<JsonNode> rows = rows(output);
    assertThat(values(rows, "question"))
        .containsExactly("Jack", "Jill went", "", "the hill", "Jack é");
    assertThat(values(rows, "finish_reason"))
        .containsExactly("length", "length", "error", "length", "error");
    assertThat(rows.get(0).fieldNames())
        .toIterable()
        .containsExactly(
            Stream.concat(Stream.of("question"), Stream.of(NAMES)).toArray(String[]::new));
    assertThat(rows.get(1).get("prompt_tokens").asInt()).isEqualTo(9);
    assertThat(rows.get(1).get("completion_tokens").asInt()).isEqualTo(12);
    assertThat(rows.get(4).get("error").asText())
        .isEqualTo("text: the tokenizer does not know the character 'é' (U+00E9) at offset 5");
    assertThat(result.out())
        .containsPattern("generating: 5 of 5, [\\d,]+ tokens/s\n")
        .containsPattern("\n5 rows in \\S+ s: " + output + "\n36 tokens, ")
        .contains(" tokens/s a core\n2 rows with errors: prompt 1, text 1\n");
  }

  /** The seed column's value, alone, gives the row again: as one prompt, and as a table. */
  @Test
  void aRowIsWhatItsPromptAloneGives() throws IOException {
    Path input = write(folder.resolve("seeds.txt"), "Jack\nJill went up the hill\n");
    Path output = folder.resolve("out of seeds");
    generate(input, output, "--num-samples=2", "--top-k=9", "--seed=5");

    for (JsonNode row : rows(output)) {
      String[] options = {"--top-k=9", "--seed=" + row.get("seed").asText()};
      String prompt = row.get("prompt").asText();
      Result single =
          kindling(
              "generate",
              "--model=" + run,
              "--max-new-tokens=12",
              "--prompt=" + prompt,
              options[0],
              options[1]);
      assertThat(single.out()).isEqualTo(prompt + row.get("completion").asText() + "\n");
      Path alone = write(folder.resolve("alone.txt"), prompt);
      Path again = folder.resolve("out of alone");
      assertThat(generate(alone, again, options[0], options[1], "--mode=overwrite").err())
          .isEmpty();
      assertThat(rows(again)).containsExactly(row);
    }
  }

  @Test
  void linesOfJsonKeepTheirOrderOverFilesAndCodecs() throws IOException {
    Path files = newFolder("json");
    List<String> ids = new ArrayList<>();
    for (int file = 0; file < 4; file++) {
      StringBuilder lines = new StringBuilder();
      for (int line = 0; line < 30; line++) {
        ids.add("%d.%02d0".formatted(file, line));
        lines.append(
            "{\"id\":%s,\"prompt\":\"Jack\",\"max_new_tokens\":%d}\n"
                .formatted(ids.get(ids.size() - 1), line % 5));
        if (line % 7 == 0) {
          lines.append("  \n"); // no row
        }
      }
      Path path = files.resolve(file + ".jsonl" + List.of("", ".gz", ".zst", "").get(file));
      try (OutputStream out = compressing(path)) {
        out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    Path output = folder.resolve("out of json");

    Result result = generate(files + "/*.jsonl*", output, "--slots=2");

    assertThat(result.err()).isEmpty();
    List<String> written = new ArrayList<>();
    try (Stream<Path> parts = Files.list(output)) {
      for (Path part : parts.filter(file -> isPart(file)).sorted().toList()) {
        written.addAll(Files.readAllLines(part));
      }
    }
    assertThat(written).extracting(line -> line.substring(6, 11)).isEqualTo(ids);
    assertThat(values(rows(output), "completion_tokens").subList(0, 6))
        .containsExactly("0", "1", "2", "3", "4", "0");
  }

  private static OutputStream compressing(Path path) throws IOException {
    OutputStream out = Files.newOutputStream(path);
    if (path.toString().endsWith(".gz")) {
      return new GZIPOutputStream(out);
    }
    return path.toString().endsWith(".zst") ? new ZstdOutputStream(out) : out;
  }

  @Test
  void whatStopsIsNotInTheText() throws IOException {
    Path input =
        write(
            folder.resolve("stop.jsonl"),
            "{\"prompt\":\"Jack\"}\n{\"prompt\":\"Jack\",\"stop\":[]}\n");
    Path output = folder.resolve("out of stop");

    assertThat(generate(input, output, "--temperature=0", "--stop= ", "--stop=\n").err()).isEmpty();

    List<JsonNode> rows = rows(output);
    String all = rows.get(1).get("completion").asText();
    assertThat(rows.get(1).get("finish_reason").asText()).isEqualTo("length");
    assertThat(all).contains(" ");
    assertThat(rows.get(0).get("completion").asText()).isEqualTo(all.split("[ \n]", 2)[0]);
    assertThat(rows.get(0).get("finish_reason").asText()).isEqualTo("stop");
    String[] single = {
      "generate", "--model=" + run, "--prompt=Jack", "--temperature=0", "--stop= ", "--stop=\n"
    };
    assertThat(kindling(single).out())
        .isEqualTo("Jack" + rows.get(0).get("completion").asText() + "\n");
  }

  @Test
  void anEmptyInputGivesAnEmptyOutput() throws IOException {
    Path output = folder.resolve("out of nothing");

    Result result = generate(write(folder.resolve("empty.jsonl"), ""), output);

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("0 rows in ");
    assertThat(rows(output)).isEmpty();
  }

  @Test
  void whatIsThereIsKeptReplacedOrAddedTo() throws IOException {
    Path one = write(folder.resolve("one.txt"), "Jack\nJill\nhill\n");
    Path two = write(folder.resolve("two.txt"), "water\n");
    Path output = folder.resolve("out of modes");
    generate(one, output);
    List<JsonNode> first = rows(output);

    refused(
        generate(two, output), "--output " + output + " exists: choose another name, or --mode");
    refused(
        generate(two, output, "--mode=append", "--on-error=fail", "--prompt-field=error"),
        "--prompt-field error");
    assertThat(rows(output)).isEqualTo(first);
    assertThat(generate(two, output, "--mode=append").exitCode()).isZero();
    assertThat(values(rows(output), "prompt")).containsExactly("Jack", "Jill", "hill", "water");
    assertThat(generate(two, output, "--mode=overwrite").exitCode()).isZero();
    assertThat(values(rows(output), "prompt")).containsExactly("water");
    assertThat(folder.toFile().list()).noneMatch(name -> name.startsWith(".out"));
  }

  /** A job that fails leaves what was there, and nothing else. */
  @Test
  void rowsThatAreToStopTheJobDoSoBeforeItBegins() throws IOException {
    Path good = write(folder.resolve("good.jsonl"), "{\"prompt\":\"Jack\"}\n");
    Path bad =
        write(
            folder.resolve("bad.jsonl"),
            "{\"prompt\":\"Jack\"}\n\n{\"prompt\":\"Jack\", \"top_p\":7}\n{}\n");
    Path output = folder.resolve("out of failure");
    generate(good, output);

    Result failed = generate(bad, output, "--mode=overwrite", "--on-error=fail");

    refused(failed, "bad.jsonl, line 3: setting: top-p = 7.0: must be in (0, 1]");
    assertThat(values(rows(output), "prompt")).containsExactly("Jack");
    assertThat(folder.toFile().list()).noneMatch(name -> name.startsWith(".out"));
    assertThat(generate(bad, output, "--mode=overwrite", "--on-error=row").err()).isEmpty();
    assertThat(values(rows(output), "error"))
        .containsExactly(
            "null",
            "setting: top-p = 7.0: must be in (0, 1]",
            "prompt: \"prompt\" is null or not there");
  }

  @Test
  void wrongInputIsOneLine() throws IOException {
    Path text = write(folder.resolve("some.txt"), "Jack\n");
    Path json = write(folder.resolve("some.jsonl"), "{\"promt\":\"Jack\",\"id\":1}\n");
    Path output = folder.resolve("never");
    refused(generate(folder.resolve("nowhere"), output), "no such file or directory: ");
    refused(
        kindling(
            "generate",
            "--model=" + folder.resolve("nothing"),
            "--input=" + text,
            "--output=" + output),
        "nothing is not a run: there is no such directory");
    refused(
        generate(text, output, "--format=csv"),
        "--format csv: must be one of text, jsonl, parquet");
    refused(
        generate(text, output, "--mode=replace"),
        "--mode replace: must be one of error, overwrite, append");
    refused(generate(text, output, "--on-error=stop"), "--on-error stop: must be row or fail");
    refused(generate(text, output, "--slots=0"), "slots = 0: must be at least 1");
    refused(generate(text, output, "--stop="), "stop = \"\": must have a character");
    refused(generate(text, output, "--prompt=Jack"), "--prompt and --input: give one of them");
    refused(
        generate(text, text.resolveSibling("some.txt"), "--mode=overwrite"),
        "some.txt is a file, not a directory");
    refused(generate(text, folder.toAbsolutePath(), "--mode=overwrite"), "holds the input");
    Path table = newFolder("table");
    write(table.resolve("part-r-00000.jsonl"), "{\"prompt\":\"Jack\"}\n");
    Path link = Files.createSymbolicLink(folder.resolve("link"), table);
    refused(generate(link, table, "--mode=overwrite"), "holds the input");
    Files.delete(link);
    refused(generate(text, run, "--mode=overwrite"), "holds a run");
    Path runs = newFolder("runs");
    Files.createDirectory(runs.resolve("a run"));
    for (String mode : List.of("overwrite", "append")) {
      refused(
          generate(text, runs, "--mode=" + mode),
          "runs holds a run, which is no part of a table: choose another directory");
      refused(
          generate(text, run.resolve("checkpoints"), "--mode=" + mode),
          "which is no part of a table: choose another directory");
    }
    assertThat(run.resolve("checkpoints")).isNotEmptyDirectory();
    write(newFolder("parquet").resolve("part-00000-ab.snappy.parquet"), "");
    refused(
        generate(text, folder.resolve("parquet"), "--mode=append"),
        "holds part-00000-ab.snappy.parquet, and this job writes .jsonl: choose another directory");
    refused(
        generate(json, output),
        "no line has the field \"prompt\"; did you mean promt?; the first object has promt, id");
    refused(generate(text, output, "--format=parquet"), "as Parquet");
    refused(
        kindling("generate", "--model=" + run, "--input=" + text),
        "Missing required argument(s): --output=DIR");
    refused(
        kindling("generate", "--model=" + run, "--mode=append"), "Missing required argument(s)");
    assertThat(output).doesNotExist();
  }
}
