package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs commands in this JVM on Spark local mode, as spark-submit would, and keeps what they print.
 */
final class CommandLineFixture implements BeforeAllCallback, AfterAllCallback {
  static final String RHYME =
      """
      Jack and Jill went up the hill to fetch a pail of water;
      Jack fell down and broke his crown, and Jill came tumbling after.
      """
          .repeat(15);

  private static final String MASTER = "spark.master";

  /** What spark-submit hands over. */
  private static final Map<String, String> SPARK =
      Map.of(MASTER, "local[2]", "spark.ui.enabled", "false");

  /** A model that trains in a second. */
  private static final List<String> SMALL =
      List.of(
          "model.layers=1",
          "model.heads=2",
          "model.embedding=16",
          "model.context=8",
          "model.dropout=0.1",
          "train.batch-size=8",
          "train.shards=2",
          "train.warmup-steps=2",
          "train.schedule=constant",
          "train.learning-rate=0.01",
          "train.eval-every=10",
          "train.log-every=5",
          "train.checkpoint-every=10");

  /** A command's exit code and what it wrote to standard output and standard error. */
  record Result(int exitCode, String out, String err) {
    /** A figure of standard output, by the words before it. */
    double figure(String label) {
      return out.lines()
          .filter(line -> line.startsWith(label))
          .mapToDouble(
              line -> Double.parseDouble(line.substring(label.length()).strip().split(" ")[0]))
          .findFirst()
          .orElseThrow();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    LogManager.getLogger(
        CommandLineFixture.class); // logs go to the true standard error from here on
    SPARK.forEach(System::setProperty);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    SPARK.keySet().forEach(System::clearProperty);
    Configurator.reconfigure(); // a command sets log levels
  }

  static Result kindling(String... args) {
    PrintStream trueOut = System.out;
    PrintStream trueErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int exitCode = Kindling.run(args);
      return new Result(
          exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(trueOut);
      System.setErr(trueErr);
    }
  }

  /** The same on another master than {@code local[2]}; it must be this JVM. */
  static Result kindlingOn(String master, String... args) {
    String before = System.setProperty(MASTER, master);
    try {
      return kindling(args);
    } finally {
      System.setProperty(MASTER, before);
    }
  }

  /** Trains the small model on a text; {@code more} are options and settings. */
  static Result train(Path text, Path output, String... more) {
    return train(text.toString(), output.toString(), more);
  }

  /** The same with paths of any file system. */
  static Result train(String text, String output, String... more) {
    return kindling(training(text, output, more));
  }

  /** The words of the command line that do so. */
  static String[] training(String text, String output, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--input", text, "--output", output));
    words.addAll(SMALL);
    words.addAll(Arrays.asList(more));
    return words.toArray(String[]::new);
  }

  /** What a user did wrong is one line on standard error that says so, and the exit code is 2. */
  static void refused(Result result, String message) {
    assertThat(result.err()).contains(message).startsWith("kindling: ").doesNotContain("Exception");
    assertThat(result.err().lines()).as(result.err()).hasSize(1);
    assertThat(result.exitCode()).as(result.out()).isEqualTo(2);
  }

  /** The names of a directory's files. */
  static List<String> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** A finished run of four steps on a text, for tests that do not change it. */
  static Path run(Path text) {
    Path run = text.resolveSibling("run");
    assertThat(train(text, run, "train.steps=4").exitCode()).isZero();
    return run;
  }

  static Path rhyme(Path folder) {
    return write(folder.resolve("rhyme.txt"), RHYME);
  }

  static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
