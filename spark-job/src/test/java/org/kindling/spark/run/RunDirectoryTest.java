package org.kindling.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.kindling.spark.run.Fixtures.LOCAL;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.spark.InputException;
import org.kindling.spark.files.FlakyFileSystem;

class RunDirectoryTest {
  @TempDir Path temporary;
  private Path output;

  @BeforeEach
  void setOutput() {
    output = temporary.resolve("a run");
  }

  @Test
  void whatIsCreatedCanBeOpened() throws IOException {
    RunDirectory created = create(output, false);

    RunDirectory run = RunDirectory.open(output.toString(), LOCAL);
    assertThat(run.path()).isEqualTo(created.path());
    assertThat(run).hasToString(output.toString());
    assertThat(run.config()).isEqualTo("new config");
    assertThat(run.tokenizerJson()).isEqualTo("new tokenizer ü");
    assertThat(filesIn(output)).containsExactly("checkpoints", "config.conf", "tokenizer.json");

    run.writeConfig("changed");
    run.writeReport("<html>");
    assertThat(run.config()).isEqualTo("changed");
    assertThat(filesIn(output)).contains("report.html").hasSize(4);
  }

  @Test
  void schemesAndRelativePathsAreTaken() {
    create(output, false);

    String relative = Path.of("").toAbsolutePath().relativize(output).toString();
    assertThat(RunDirectory.open(relative, LOCAL).path())
        .isEqualTo(RunDirectory.open("file://" + output, LOCAL).path());
  }

  @Test
  void aLocalRunKeepsItsSchemeWhereAnotherFileSystemIsTheDefault() {
    create(output, false);

    Configuration cluster = new Configuration(LOCAL);
    cluster.set("fs.defaultFS", "hdfs://namenode:8020");
    String named = RunDirectory.open("file://" + output, cluster).toString();
    assertThat(named).isEqualTo("file:" + output);
    assertThat(RunDirectory.open(named, cluster)).hasToString(named);
  }

  @Test
  void anEmptyDirectoryIsTaken() throws IOException {
    Files.createDirectory(output);

    create(output, false);

    assertThat(output.resolve("config.conf")).exists();
  }

  @Test
  void aDirectoryWhereARunDiedAtItsVeryStartIsTaken() throws IOException {
    Files.createDirectories(output.resolve("checkpoints"));
    assertThatCode(() -> RunDirectory.refuseTaken(output.toString(), false, LOCAL))
        .doesNotThrowAnyException();

    Files.writeString(output.resolve("tokenizer.json"), "{}");
    Files.writeString(output.resolve(".config.conf.tmp"), "half");
    create(output, false);

    assertThat(filesIn(output)).containsExactly("checkpoints", "config.conf", "tokenizer.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokenizer.json", "config.conf"})
  void whatCannotBeCreatedLeavesNothing(String full) throws IOException {
    Configuration broken = FlakyFileSystem.configuration(full);

    assertThatThrownBy(() -> RunDirectory.create("flaky://" + output, false, "c", "t", broken))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("No space left on device");

    assertThat(filesIn(output)).isEmpty();
  }

  @Test
  void aRunIsNotReplacedUnasked() throws IOException {
    oldRun(output);

    String message =
        "--output %s holds a run already: use --resume %s to continue it or --overwrite to replace it"
            .formatted(output, output);
    assertThatThrownBy(() -> RunDirectory.refuseTaken(output.toString(), false, LOCAL))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> create(output, false)).hasMessage(message);
    assertOldRun(output);
  }

  @Test
  void overwriteReplacesARunAndKeepsWhatIsNotItsOwn() throws IOException {
    oldRun(output);
    Files.writeString(output.resolve("notes.txt"), "mine");

    RunDirectory.refuseTaken(output.toString(), true, LOCAL);
    assertOldRun(output);
    create(output, true);

    assertThat(filesIn(output))
        .containsExactly("checkpoints", "config.conf", "notes.txt", "tokenizer.json");
    assertThat(output.resolve("config.conf")).hasContent("new config");
    assertThat(filesIn(output.resolve("checkpoints"))).isEmpty();
  }

  @Test
  void overwriteOfNothingIsACreation() {
    create(output, true);

    assertThat(output.resolve("config.conf")).hasContent("new config");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokenizer.json", "config.conf"})
  void aRunWhoseReplacementFailsIsPutBack(String full) throws IOException {
    oldRun(output);
    Configuration broken = FlakyFileSystem.configuration(full);

    assertThatThrownBy(() -> RunDirectory.create("flaky://" + output, true, "c", "t", broken))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot create a run in flaky:")
        .hasMessageContaining("No space left on device");

    assertOldRun(output);
    assertThat(filesIn(output))
        .containsExactly("best", "checkpoints", "config.conf", "latest", "tokenizer.json");
  }

  @Test
  void aReplacementThatDiedBeforeTheNewRunStoodIsTakenUpAgain() throws IOException {
    // Given a process that died after it moved the old run aside
    oldRun(output.resolve(".replaced"));
    Files.createDirectories(output.resolve("checkpoints"));
    Files.writeString(output.resolve("tokenizer.json"), "half a run's");

    assertThatThrownBy(() -> create(output, false)).hasMessageContaining("holds a run already");

    // When the next one fails, too, then the old run is whole again
    Configuration broken = FlakyFileSystem.configuration("config.conf");
    assertThatThrownBy(() -> RunDirectory.create("flaky://" + output, true, "c", "t", broken))
        .hasMessageContaining("No space left");
    assertOldRun(output);

    // And when the third succeeds, nothing is left of it
    create(output, true);
    assertThat(filesIn(output)).containsExactly("checkpoints", "config.conf", "tokenizer.json");
    assertThat(output.resolve("config.conf")).hasContent("new config");
  }

  @Test
  void whatADyingReplacementLeftIsRemovedByTheNext() throws IOException {
    create(output, false);
    Files.createDirectories(output.resolve(".replaced"));
    Files.writeString(output.resolve(".replaced/best"), "step-00000001");

    create(output, true);

    assertThat(filesIn(output)).containsExactly("checkpoints", "config.conf", "tokenizer.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"thesis.tex", "config.conf", "checkpoints/epoch-1.pt"})
  void aDirectoryThatHoldsNoRunIsNeverTouched(String file) throws IOException {
    Files.createDirectories(output.resolve(file).getParent());
    Files.writeString(output.resolve(file), "precious");

    assertThatThrownBy(() -> create(output, false))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--output %s is not empty and holds no run: choose a new or an empty directory"
                .formatted(output));
    assertThatThrownBy(() -> create(output, true))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("(--overwrite replaces runs only)");
    assertThat(output.resolve(file)).hasContent("precious");
  }

  @Test
  void checkpointsOfAnotherProgramMakeItNoRun() throws IOException {
    oldRun(output);
    Files.writeString(output.resolve("checkpoints/epoch-1.pt"), "precious");

    assertThatThrownBy(() -> create(output, true)).hasMessageContaining("holds no run");
    assertOldRun(output);
  }

  @Test
  void aFileIsNoDirectory() throws IOException {
    Files.writeString(output, "text");

    assertThatThrownBy(() -> create(output, true))
        .hasMessage("--output %s is a file, not a directory", output);
    assertThatThrownBy(() -> RunDirectory.open(output.toString(), LOCAL))
        .hasMessage("%s is not a run: there is no such directory", output);
  }

  @ParameterizedTest
  @CsvSource({
    "config.conf, it has no config.conf",
    "tokenizer.json, it has no tokenizer.json",
    "checkpoints, it has no checkpoints",
  })
  void openSaysWhatARunLacks(String missing, String message) throws IOException {
    create(output, false);
    Files.delete(output.resolve(missing));

    assertThatThrownBy(() -> RunDirectory.open(output.toString(), LOCAL))
        .isInstanceOf(InputException.class)
        .hasMessage("%s is not a run: %s", output, message);
  }

  @Test
  void openOfAnythingElseIsRefused() throws IOException {
    assertThatThrownBy(() -> RunDirectory.open(output.toString(), LOCAL))
        .hasMessage("%s is not a run: there is no such directory", output);
    Files.createDirectory(output);
    assertThatThrownBy(() -> RunDirectory.open(output.toString(), LOCAL))
        .hasMessage(
            "%s is not a run: it has no config.conf, no tokenizer.json, no checkpoints", output);
  }

  @ParameterizedTest
  @CsvSource({
    "nosuch://bucket/run, cannot open nosuch://bucket/run: No FileSystem for scheme",
    "'', is not a path",
    "hdfs://no-such-host.invalid/run, cannot open hdfs://no-such-host.invalid/run",
    "file://relative/run, Wrong FS",
  })
  void impossiblePathsAreRefused(String path, String message) {
    assertThatThrownBy(() -> RunDirectory.open(path, LOCAL))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> RunDirectory.refuseTaken(path, false, LOCAL))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void freshFoldersAreUnique() {
    Path parent = temporary.resolve("my runs");

    List<String> folders =
        Stream.generate(() -> RunDirectory.freshFolder(parent, "20260131-120000-tiny"))
            .limit(3)
            .toList();

    assertThat(filesIn(parent))
        .containsExactly(
            "20260131-120000-tiny", "20260131-120000-tiny-2", "20260131-120000-tiny-3");
    assertThatCode(() -> RunDirectory.create(folders.get(2), false, "c", "t", LOCAL))
        .doesNotThrowAnyException();
  }

  private static RunDirectory create(Path output, boolean overwrite) {
    return RunDirectory.create(
        output.toString(), overwrite, "new config", "new tokenizer ü", LOCAL);
  }

  private static void oldRun(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("checkpoints/step-00000001"));
    Files.writeString(directory.resolve("checkpoints/step-00000001/state.json"), "old state");
    for (String name : List.of("config.conf", "tokenizer.json", "latest", "best")) {
      Files.writeString(directory.resolve(name), "old " + name);
    }
  }

  private static void assertOldRun(Path directory) {
    assertThat(directory.resolve("checkpoints/step-00000001/state.json")).hasContent("old state");
    for (String name : List.of("config.conf", "tokenizer.json", "latest", "best")) {
      assertThat(directory.resolve(name)).hasContent("old " + name);
    }
  }

  private static List<String> filesIn(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
