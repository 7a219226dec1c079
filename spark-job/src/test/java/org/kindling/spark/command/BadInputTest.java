package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.refused;
import static org.kindling.spark.command.CommandLineFixture.train;
import static org.kindling.spark.command.CommandLineFixture.write;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.spark.command.CommandLineFixture.Result;

/** Wrong words on the command line are one line on standard error, exit code 2, and no harm. */
@ExtendWith(CommandLineFixture.class)
class BadInputTest {
  @TempDir static Path folder;
  private static Path text;

  /** A finished run that no test changes. */
  private static Path run;

  @BeforeAll
  static void trainARun() {
    text = CommandLineFixture.rhyme(folder);
    run = CommandLineFixture.run(text);
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
    refused(generate("--max-new-tokens", "-1"), "max-new-tokens = -1: must be at least 0");
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

  /** As of a shell's variable that is not set; the built-in plays are not what was meant. */
  @Test
  void anInputThatIsEmpty() {
    String message = "--input is empty; it names a file, a directory or a glob";

    refused(kindling("train", "--input", ""), message);
    refused(kindling("ladder", "--input", " "), message);
    refused(kindling("evaluate", "--model", run.toString(), "--input", ""), message);
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
    refused(
        kindling("train", "--resume", run.toString(), "data.format=jsonl"), "is not valid JSON");
  }

  /** Not the name of a file with further words. */
  @Test
  void aPromptMayBeginWithAnAt() {
    Result generated = kindling("generate", "--model", run.toString(), "--prompt", "@" + folder);

    refused(generated, "U+0040");
  }

  @Test
  void settingsThatMeanNothingToAnEvaluation() {
    refused(
        kindling("evaluate", "--model", run.toString(), "model.context=4"),
        "model.context=4: evaluate takes data.*, train.batch-size, train.micro-batch, train.kernels"
            + " only");
  }

  @Test
  void aModelLargerThanTheMachine() {
    Path output = folder.resolve("too large");

    refused(train(text, output, "model.embedding=6000", "model.layers=4"), "set --driver-memory ");
    refused(train(text, output, "model.embedding=200000"), "lower model.embedding = 200000");
    assertThat(output).doesNotExist();
  }

  @Test
  void aPromptWithACharacterThatTheModelDoesNotKnow() {
    refused(generate("--prompt", "Jill é"), "the character 'é' (U+00E9) at offset 5");
    refused(generate("--prompt", "😀"), "the character '😀' (U+1F600) at offset 0");
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
}
