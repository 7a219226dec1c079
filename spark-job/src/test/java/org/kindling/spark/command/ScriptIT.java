package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a user runs it: the script, the packaged jar, a process. */
@Execution(ExecutionMode.CONCURRENT)
class ScriptIT {
  /** How a line of the log begins; anything else on standard error is a message to the user. */
  private static final String LOG = "\\d\\d:\\d\\d:\\d\\d (INFO|WARN ) .*";

  @TempDir Path folder;

  /** On any locale, as in a container without one. */
  @Test
  void fromTextToTextInPlainLines() throws Exception {
    Path text = CommandLineFixture.write(folder.resolve("text.txt"), "Grüße, 😀!\n".repeat(60));

    Script.Ended trained =
        Script.kindling(
            folder,
            "--master",
            "local[1]",
            "--conf",
            "spark.app.name=greetings",
            "train",
            "--input=" + text,
            "model.context=16",
            "model.embedding=32",
            "train.steps=10");

    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.err().lines()).allMatch(line -> line.matches(LOG));
    assertThat(trained.out())
        .contains("1 shards on 1 cores", "step 10/10: validation loss ", "\nsample:\n")
        .doesNotContain("\r", "\u001b");
    Path run;
    try (var runs = Files.list(folder.resolve("runs"))) {
      run = runs.findFirst().orElseThrow();
    }
    assertThat(run.getFileName().toString()).matches("\\d{8}-\\d{6}-shakespeare");
    Files.move(run, folder.resolve("größe"));

    Script.Ended generated =
        Script.kindling(
            folder,
            "generate",
            "--model",
            "größe",
            "--prompt",
            "Grüße 😀",
            "--max-new-tokens",
            "20");
    assertThat(generated.exitCode()).as(generated.err()).isZero();
    assertThat(generated.out()).startsWith("Grüße 😀");
    assertThat(generated.out().codePointCount(0, generated.out().length())).isEqualTo(7 + 20 + 1);
    assertThat(generated.err().lines()).allMatch(line -> line.matches(LOG));
  }

  /** From a task, here and in an executor of its own, the reason arrives as one line. */
  @ParameterizedTest
  @ValueSource(strings = {"local[2]", "local-cluster[1,1,1024]"})
  void whatATaskFindsWrongIsOneLine(String master) throws Exception {
    Path text = Files.write(folder.resolve("latin1.txt"), new byte[] {'a', (byte) 0xe9, 'b'});

    Script.Ended ended =
        Script.kindling(folder, "--master", master, "train", "--input", text.toString());

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines().filter(line -> !line.matches(LOG)))
        .as(ended.err())
        .singleElement()
        .asString()
        .startsWith("kindling: ")
        .contains("latin1.txt");
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void wrongWordsForSparkAreOneLine() throws Exception {
    Script.Ended ended = Script.kindling(folder, "--master");

    assertThat(ended.err()).isEqualTo("kindling: --master needs a value\n");
    assertThat(ended.exitCode()).isEqualTo(2);
  }

  @Test
  void aMasterThatSparkDoesNotKnowIsOneLine() throws Exception {
    Path text = CommandLineFixture.rhyme(folder);

    Script.Ended ended =
        Script.kindling(folder, "--master", "local[1", "train", "--input", text.toString());

    assertThat(ended.err())
        .isEqualTo(
            "kindling: Spark does not start with --master local[1: Could not parse Master URL: 'local[1'\n");
    assertThat(ended.exitCode()).isEqualTo(2);
  }

  /** Linux has a device that is always full. */
  @Test
  void aFullDiskBehindStandardOutputIsNamed() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    Path text = CommandLineFixture.rhyme(folder);
    Script.Ended trained =
        Script.kindling(
            folder,
            "train",
            "--input=" + text,
            "--output=run",
            "model.context=8",
            "model.embedding=16",
            "train.steps=2");
    assertThat(trained.exitCode()).as(trained.err()).isZero();

    for (String command : List.of("generate", "evaluate", "explain --prompt=Jack")) {
      Script.Ended ended =
          Script.bash(folder, List.of(), "\"$0\" %s --model=run > /dev/full".formatted(command));

      assertThat(ended.err())
          .endsWith("kindling: cannot write all of standard output: is its disk full?\n");
      assertThat(ended.exitCode()).isEqualTo(2);
    }
  }

  /** What goes through standard streams is data only, on any locale. */
  @Test
  void aTokenizerBetweenStandardStreams() throws Exception {
    Path text = CommandLineFixture.write(folder.resolve("text.txt"), "Grüße, 😀!\n".repeat(60));
    Path tokenizer = folder.resolve("tokenizer.json");
    Script.Ended learned =
        Script.kindling(
            folder,
            "--master",
            "local-cluster[2,1,1024]",
            "tokenizer",
            "train",
            "--input=" + text,
            "--vocab-size=268",
            "--output=" + tokenizer);
    assertThat(learned.exitCode()).as(learned.err()).isZero();
    assertThat(learned.out()).contains("learned 268 tokens from ").doesNotContain("\r", "\u001b");

    Script.Ended encoded =
        Script.kindling(folder, text, "tokenizer", "encode", "--tokenizer=" + tokenizer);
    assertThat(encoded.err()).isEmpty();
    assertThat(encoded.out()).matches("\\d+( \\d+)*\n");
    Path ids = CommandLineFixture.write(folder.resolve("ids.txt"), encoded.out());
    Script.Ended decoded =
        Script.kindling(folder, ids, "tokenizer", "decode", "--tokenizer=" + tokenizer);
    assertThat(decoded.out()).isEqualTo(Files.readString(text));
  }
}
