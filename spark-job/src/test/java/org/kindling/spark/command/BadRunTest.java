package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.refused;
import static org.kindling.spark.command.CommandLineFixture.train;
import static org.kindling.spark.command.CommandLineFixture.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.command.CommandLineFixture.Result;

/** Runs that cannot be used, or not so: one line says why, and they stay as they are. */
@ExtendWith(CommandLineFixture.class)
class BadRunTest {
  @TempDir static Path folder;
  private static Path text;

  /** A finished run that no test changes. */
  private static Path run;

  @BeforeAll
  static void trainARun() {
    text = CommandLineFixture.rhyme(folder);
    run = CommandLineFixture.run(text);
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
  void settingsThatAreNotThoseOfTheCheckpoint() throws IOException {
    Path edited = copyOf(run, "edited");
    Path config = edited.resolve("config.conf");
    write(config, Files.readString(config).replace("activation = gelu", "activation = relu"));

    refused(
        kindling("train", "--resume", edited.toString(), "train.steps=8"),
        "config.conf is not the one that the run was trained with: ");
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
    Files.delete(moved.resolve("latest"));
    Map<String, String> beforeToo = contents(moved);
    refused(
        kindling("train", "--resume", moved.toString(), "train.steps=8"),
        "the text is not the one that the run was trained with");
    assertThat(contents(moved)).isEqualTo(beforeToo);
    assertThat(contents(run)).isEqualTo(before);
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

  private static Result resume(String... more) {
    return kindling(
        Stream.concat(Stream.of("train", "--resume", run.toString()), Stream.of(more))
            .toArray(String[]::new));
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
