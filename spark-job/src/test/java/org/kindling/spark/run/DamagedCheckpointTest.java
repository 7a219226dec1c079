package org.kindling.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.kindling.spark.run.Fixtures.KEEP_ALL;
import static org.kindling.spark.run.Fixtures.checkpoint;
import static org.kindling.spark.run.Fixtures.file;
import static org.kindling.spark.run.Fixtures.filesBelow;
import static org.kindling.spark.run.Fixtures.state;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.spark.InputException;
import org.kindling.spark.files.FlakyFileSystem;

/** Files that are missing, cut or changed, and disks that fill. */
class DamagedCheckpointTest {
  @TempDir Path directory;
  private CheckpointStore store;

  @BeforeEach
  void createRun() {
    store = Fixtures.run(directory).checkpoints();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "optimizer.safetensors", "state.json"})
  void aFlippedBitAnywhereIsNoticed(String name) throws IOException {
    store.save(checkpoint(1), false, KEEP_ALL);
    Path file = file(directory, 1, name);
    long length = Files.size(file);

    for (long at = 0; at < length; at += 1 + length / 50) {
      flip(file, at);
      assertThatThrownBy(() -> store.load("step-00000001"))
          .as("byte %d of %s", at, name)
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("checkpoint %s is damaged: %s".formatted(file.getParent(), name));
      flip(file, at);
    }
    assertThat(store.load("step-00000001").step()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "optimizer.safetensors", "state.json"})
  void resumeFallsBackToTheNewestWholeCheckpointAndSaysWhy(String name) throws IOException {
    Checkpoint whole = checkpoint(1);
    store.save(whole, false, KEEP_ALL);
    store.save(checkpoint(2), false, KEEP_ALL);
    store.save(checkpoint(3), false, KEEP_ALL);
    truncate(file(directory, 2, name), 10);
    Files.delete(file(directory, 3, name));

    Restored restored = store.newestWhole();

    assertThat(restored.checkpoint().weights()).isEqualTo(whole.weights());
    assertThat(restored.skipped()).hasSize(2);
    assertThat(restored.skipped().get(0))
        .endsWith("step-00000003 is damaged: " + name + " is missing");
    assertThat(restored.skipped().get(1)).contains("step-00000002 is damaged: " + name);
  }

  /** Whoever went on from an older one would remove the newer, which may be whole. */
  @ParameterizedTest
  @ValueSource(strings = {"step-00000002/optimizer", "step-00000002/state"})
  void aCheckpointThatCannotBeReadNowIsNotPassedOver(String lost) {
    store.save(checkpoint(1), false, KEEP_ALL);
    store.save(checkpoint(2), false, KEEP_ALL);
    Configuration configuration = FlakyFileSystem.configuration("");
    configuration.set(FlakyFileSystem.LOST, lost);
    CheckpointStore flaky = RunDirectory.open("flaky://" + directory, configuration).checkpoints();

    assertThatThrownBy(flaky::newestWhole)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("cannot read checkpoint flaky:")
        .hasMessageEndingWith("step-00000002: the connection was reset");
  }

  @Test
  void truncationIsToldInBytes() throws IOException {
    store.save(checkpoint(1), false, KEEP_ALL);
    Path file = file(directory, 1, "model.safetensors");
    long length = Files.size(file);
    truncate(file, length - 1);

    assertThatThrownBy(() -> store.loadWeightsOnly("step-00000001"))
        .hasMessageEndingWith(
            "is damaged: model.safetensors has %d bytes, state.json says %d"
                .formatted(length - 1, length));
  }

  @Test
  void withoutAWholeCheckpointResumeSaysSo() throws IOException {
    assertThatThrownBy(store::newestWhole)
        .isInstanceOf(InputException.class)
        .hasMessage("%s holds no checkpoint", directory);

    store.save(checkpoint(1), false, KEEP_ALL);
    Files.delete(file(directory, 1, "state.json"));
    assertThatThrownBy(store::newestWhole)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(directory + " holds no whole checkpoint: checkpoint ")
        .hasMessageEndingWith("state.json is missing");
  }

  @Test
  void aLaterFormatIsRefusedAndNotTakenForDamage() throws IOException {
    store.save(checkpoint(1), false, KEEP_ALL);
    store.save(checkpoint(2), false, KEEP_ALL);
    Path state = file(directory, 2, "state.json");
    Files.writeString(state, new StateFile(2, checkpoint(2).state(), Map.of()).toJson());

    String message =
        "checkpoint %s: state.json has format 2, this version reads 1".formatted(state.getParent());
    assertThatThrownBy(() -> store.load("latest")).hasMessage(message);
    assertThatThrownBy(store::newestWhole).hasMessage(message);
  }

  @Test
  void aCheckpointUnderAnothersNameIsRefused() throws IOException {
    store.save(checkpoint(1), false, KEEP_ALL);
    Files.move(
        file(directory, 1, "state.json").getParent(),
        directory.resolve("checkpoints/step-00000007"));

    assertThatThrownBy(() -> store.load("step-00000007"))
        .hasMessageEndingWith("is damaged: state.json is that of step-00000001");
  }

  @Test
  void leftoversOfADyingProcessAreInvisibleAndRemoved() throws IOException {
    store.save(checkpoint(1), false, KEEP_ALL);
    Path leftover = directory.resolve("checkpoints/.step-00000002.tmp");
    Files.createDirectory(leftover);
    Files.writeString(leftover.resolve("model.safetensors"), "half");

    assertThat(store.names()).containsExactly("step-00000001");
    assertThat(store.newestWhole().skipped()).isEmpty();

    store.save(checkpoint(2), false, KEEP_ALL);
    assertThat(leftover).doesNotExist();
    assertThat(store.load("latest").step()).isEqualTo(2);
  }

  @Test
  void missingAndDanglingPointersAreBorneWith() throws IOException {
    store.save(checkpoint(state(1, 2.5, 1)), true, KEEP_ALL);
    store.save(checkpoint(state(2, 2.5, 1)), false, KEEP_ALL);
    assertThat(store.latest()).contains("step-00000002");
    assertThat(store.best()).contains("step-00000001");

    for (String text : List.of("step-00000009\n", "", "../../etc\n")) {
      Files.writeString(directory.resolve("latest"), text);
      Files.writeString(directory.resolve("best"), text);
      assertThat(store.latest()).contains("step-00000002");
      assertThat(store.best()).contains("step-00000001");
    }
    Files.delete(directory.resolve("latest"));
    Files.delete(directory.resolve("best"));
    assertThat(store.latest()).contains("step-00000002");
    assertThat(store.best()).contains("step-00000001");

    store.save(checkpoint(state(3, 2.5, 1)), false, KEEP_ALL);
    assertThat(directory.resolve("best")).hasContent("step-00000001\n");
  }

  @Test
  void continuingFromAnEarlierCheckpointDropsTheLaterOnes() throws IOException {
    store.save(checkpoint(state(1, 3.0, 1)), true, KEEP_ALL);
    store.save(checkpoint(state(2, 3.0, 1)), false, KEEP_ALL);
    store.save(checkpoint(state(4, 1.0, 4)), true, KEEP_ALL);
    truncate(file(directory, 4, "model.safetensors"), 10);
    assertThat(store.newestWhole().checkpoint().step()).isEqualTo(2);

    store.save(checkpoint(state(3, 3.0, 1)), false, KEEP_ALL);

    assertThat(store.names()).containsExactly("step-00000001", "step-00000002", "step-00000003");
    assertThat(store.best()).contains("step-00000001");
    assertThat(store.latest()).contains("step-00000003");
  }

  @Test
  void aDamagedCheckpointIsReplacedWhenItsStepIsTrainedAgain() throws IOException {
    store.save(checkpoint(1), false, KEEP_ALL);
    store.save(checkpoint(2), false, KEEP_ALL);
    truncate(file(directory, 2, "model.safetensors"), 10);

    store.save(checkpoint(2), false, KEEP_ALL);

    assertThat(store.newestWhole().checkpoint().step()).isEqualTo(2);
    assertThat(filesBelow(directory.resolve("checkpoints"))).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"optimizer.safetensors", "state.json"})
  void aWriteThatFailsLeavesEarlierCheckpoints(String full) throws IOException {
    store.save(checkpoint(1), false, KEEP_ALL);
    CheckpointStore onFullDisk =
        RunDirectory.open("flaky://" + directory, FlakyFileSystem.configuration(full))
            .checkpoints();

    assertThatThrownBy(() -> onFullDisk.save(checkpoint(2), false, 1))
        .isInstanceOf(InputException.class)
        .hasMessageMatching(
            "cannot write checkpoint flaky:.*/checkpoints/step-00000002: No space left on"
                + " device; .*");

    assertThat(store.load("latest").step()).isEqualTo(1);
    try (Stream<Path> left = Files.list(directory.resolve("checkpoints"))) {
      assertThat(left)
          .extracting(Path::getFileName)
          .extracting(Path::toString)
          .containsExactly("step-00000001");
    }
  }

  /** Wherever in whichever of the files: the room ends at many places. */
  @Test
  void aDiskThatFillsInTheMiddleOfAFileLeavesEarlierCheckpoints() throws IOException {
    store.save(checkpoint(1), false, KEEP_ALL);
    long largest = Files.size(file(directory, 1, "optimizer.safetensors"));
    for (long room = 0; room < largest; room += 1 + largest / 20) {
      Configuration configuration = FlakyFileSystem.configuration("");
      configuration.setLong(FlakyFileSystem.ROOM, room);
      CheckpointStore filling =
          RunDirectory.open("flaky://" + directory, configuration).checkpoints();

      assertThatThrownBy(() -> filling.save(checkpoint(2), false, 1))
          .as("room for %d bytes", room)
          .isInstanceOf(InputException.class)
          .hasMessageEndingWith(
              "step-00000002: No space left on device; earlier checkpoints are as they were");

      assertThat(store.newestWhole().checkpoint().step()).isEqualTo(1);
      assertThat(store.newestWhole().skipped()).isEmpty();
      assertThat(filesBelow(directory.resolve("checkpoints"))).hasSize(3);
    }
  }

  private static void truncate(Path file, long length) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(length);
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      int old = open.read();
      open.seek(at);
      open.write(old ^ 1);
    }
  }
}
