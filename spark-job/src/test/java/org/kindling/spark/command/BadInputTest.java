package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.train;
import static org.kindling.spark.command.CommandLineFixture.write;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.spark.command.CommandLineFixture.Result;
import org.kindling.spark.corpus.Tables;

/** What a user did wrong is one line on standard error that says so, exit code 2, and no harm. */
@ExtendWith(CommandLineFixture.class)
class BadInputTest {
  @TempDir static Path folder;
  private static Path text;

  /** A finished run that no test changes. */
  private static Path run;

  @BeforeAll
  static void trainARun() {
    text = CommandLineFixture.rhyme(folder);
    run = folder.resolve("run");
    assertThat(train(text, run, "train.steps=4").exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model.layer=6             | unknown setting model.layer; did you mean model.layers?
          modle.heads=2             | unknown setting modle.heads; did you mean model.heads?
          train.steps=many          | train.steps = many: must be a whole number
          train.steps=0             | train.steps = 0: must be at least 1
          train.learning-rate=-1    | train.learning-rate = -1.0: must be above 0 and finite
          model.heads=3             | model.embedding = 16: must be a multiple of model.heads = 3
          model.dropout=1           | model.dropout = 1.0: must be in [0, 1)
          model.type=rnn            | model.type = rnn: must be
          train.shards=3            | train.shards = 3: must be a power of two
          train.micro-batch=3       | train.micro-batch = 3: must divide
          steps                     | 'steps' is not a setting; write name=value
          --config=nowhere          | --config nowhere: there is no such file, and no preset of that name
          --no-such-option          | Unknown option: '--no-such-option'; try 'kindling train --help'
          --overwrite=maybe         | maybe
          """)
  void aWrongSettingOrOption(String argument, String message) {
    refused(train(text, folder.resolve("never"), argument), message);
    assertThat(folder.resolve("never")).doesNotExist();
  }

  @Test
  void aWrongCommandLine() {
    refused(
        kindling(),
        "a command is missing: train, generate, evaluate, ladder, attention, explain or tokenizer; try 'kindling --help'");
    refused(kindling("trian"), "trian");
    refused(
        kindling("generate"),
        "Missing required option: '--model=DIR'; try 'kindling generate --help'");
    refused(generate("--top-k", "x"), "Invalid value for option '--top-k': 'x' is not an int");
    refused(generate("--max-new-tokens", "-1"), "--max-new-tokens = -1: must be at least 0");
    refused(generate("--num-samples", "0"), "--num-samples = 0: must be at least 1");
    refused(generate("--temperature", "-1"), "temperature");
    refused(generate("--top-p", "2"), "top-p");
    refused(generate("--checkpoint", "step-7"), "has no checkpoint step-7: it has step-00000004");
  }

  @Test
  void aSettingsFileThatIsNone() {
    Path broken = write(folder.resolve("broken.conf"), "model { layers = ");

    refused(
        train(text, folder.resolve("never"), "--config", broken.toString()),
        "not a settings file: " + broken);
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

  @Test
  void formatsThatAreNone() {
    Path output = folder.resolve("never");

    refused(
        train(text, output, "data.format=parket"),
        "data.format = parket: must be one of text, jsonl, parquet; did you mean parquet?");
    refused(
        train(text, output, "data.field=body"),
        "data.field = body: is for data.format = jsonl or parquet, not text");
    refused(
        kindling("train", "data.format=jsonl"),
        "data.format = jsonl: needs data.input; without it the text is three built-in plays");
    refused(
        kindling("evaluate", "--model", run.toString(), "--format", "jsnl"),
        "--format jsnl: must be one of text, jsonl, parquet; did you mean jsonl?");
    refused(resume("data.format=jsonl"), "is not valid JSON");
  }

  @Test
  void anOutputThatHoldsARunIsKept() {
    Map<String, String> before = contents(run);

    refused(
        train(text, run),
        "--output %s holds a run already: use --resume %s to continue it or --overwrite to replace it"
            .formatted(run, run));
    // Even if it was to be replaced: by a run that can begin.
    refused(
        train(write(folder.resolve("short.txt"), "too few"), run, "--overwrite"), "a chunk needs");
    refused(train(text, run, "--overwrite", "train.steps=-1"), "train.steps = -1");

    assertThat(contents(run)).isEqualTo(before);
  }

  @Test
  void anOutputThatHoldsSomethingElseIsKept() throws IOException {
    Path photos = Files.createDirectory(folder.resolve("photos"));
    Path photo = write(photos.resolve("photo.jpg"), "smile");

    refused(train(text, photos, "--overwrite"), "is not empty and holds no run");
    refused(train(text, photo), "is a file, not a directory");
    assertThat(photo).hasContent("smile");
  }

  @Test
  void aModelLargerThanTheMachine() {
    Path output = folder.resolve("too large");

    refused(train(text, output, "model.embedding=6000", "model.layers=4"), "set --driver-memory ");
    refused(train(text, output, "model.embedding=200000"), "lower model.embedding = 200000");
    assertThat(output).doesNotExist();
  }

  @Test
  void whatIsNoRun() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    for (String command : new String[] {"generate", "evaluate"}) {
      refused(
          kindling(command, "--model", folder.resolve("gone").toString()),
          "gone is not a run: there is no such directory");
      refused(
          kindling(command, "--model", empty.toString()),
          "empty is not a run: it has no config.conf, no tokenizer.json, no checkpoints");
    }
    refused(kindling("train", "--resume", empty.toString()), "empty is not a run: ");
  }

  @Test
  void aPromptWithACharacterThatTheModelDoesNotKnow() {
    refused(generate("--prompt", "Jill é"), "the character 'é' (U+00E9) at offset 5");
    refused(generate("--prompt", "😀"), "the character '😀' (U+1F600) at offset 0");
  }

  @Test
  void aDamagedCheckpoint() throws IOException {
    Path damaged = copyOf(run, "damaged");
    Path weights = damaged.resolve("checkpoints/step-00000004/model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 5] ^= 1;
    Files.write(weights, bytes);

    String message = "checkpoint %s is damaged: ".formatted(weights.getParent());
    refused(kindling("generate", "--model", damaged.toString()), message);
    refused(kindling("evaluate", "--model", damaged.toString()), message);
    refused(
        kindling("train", "--resume", damaged.toString(), "train.steps=8"),
        "holds no whole checkpoint: " + message);
  }

  @Test
  void aTokenizerOfAnotherModel() throws IOException {
    Path other = copyOf(run, "other tokenizer");
    Path json = other.resolve("tokenizer.json");
    write(json, Files.readString(json).replace("\"J\"", "\"Ö\""));

    refused(
        kindling("generate", "--model", other.toString()),
        "tokenizer.json is not the one that the model was trained with");
    refused(
        kindling("train", "--resume", other.toString(), "train.steps=8"),
        "tokenizer.json is not the one that the run was trained with");

    write(json, "{ no json");
    refused(kindling("generate", "--model", other.toString()), "tokenizer");
  }

  @Test
  void aRunCannotBeResumedAsAnother() throws IOException {
    Map<String, String> before = contents(run);

    refused(
        resume("--force", "model.layers=2"),
        "model.layers = 2: it was 1, and a trained model cannot follow");
    refused(
        resume("train.seed=7", "train.steps=8", "train.wire=bf16"),
        "train.seed 1337 -> 7, train.wire f32 -> bf16: the run would not have learned the same;"
            + " --force resumes all the same");
    refused(resume("--input", "other.txt"), "other.txt");
    refused(kindling("train", "--force"), "it is for --resume: leave --force out");
    refused(
        resume("--output", "elsewhere"),
        "--resume continues in the run's own directory: leave --output out");
    refused(resume("--config", "lecture"), "--resume continues with the run's own settings");
    refused(resume("--overwrite"), "--resume continues a run and replaces none");
    refused(kindling("train", "--overwrite"), "leave --overwrite out");

    Path moved = copyOf(run, "other text");
    Path config = moved.resolve("config.conf");
    Path changed = write(folder.resolve("changed.txt"), CommandLineFixture.RHYME + "and after");
    write(config, Files.readString(config).replace(text.toString(), changed.toString()));
    refused(
        kindling("train", "--resume", moved.toString(), "train.steps=8"),
        "the text is not the one that the run was trained with");
    assertThat(contents(run)).isEqualTo(before);
  }

  @Test
  void verboseShowsWhere() {
    Result result = kindling("--verbose", "generate", "--model", run.toString(), "--prompt", "é");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("kindling: the tokenizer does not know the character 'é' (U+00E9)")
        .contains("\tat org.kindling.");
  }

  private static Result generate(String option, String value) {
    return kindling("generate", "--model", run.toString(), option, value);
  }

  private static Result resume(String... more) {
    return kindling(
        Stream.concat(Stream.of("train", "--resume", run.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  private static void refused(Result result, String message) {
    assertThat(result.err()).contains(message).startsWith("kindling: ").doesNotContain("Exception");
    assertThat(result.err().lines()).as(result.err()).hasSize(1);
    assertThat(result.exitCode()).isEqualTo(2);
  }

  private static Path copyOf(Path directory, String name) throws IOException {
    Path copy = folder.resolve(name);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            copy.resolve(directory.relativize(file).toString()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return copy;
  }

  /** All files and what is in them. */
  private static Map<String, String> contents(Path directory) {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file.toString(), DigestUtils.sha256Hex(Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return contents;
  }
}
