package org.kindling.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.InputException;

class CheckpointWriterTest {
  @TempDir Path temporary;
  private CheckpointStore store;

  @BeforeEach
  void createRun() {
    store = Fixtures.run(temporary.resolve("run")).checkpoints();
  }

  @Test
  void vectorsMayChangeWhileTheyAreWritten() {
    Checkpoint first = Fixtures.checkpoint(1);
    float[] expected = first.weights().clone();
    try (CheckpointWriter writer = new CheckpointWriter(store)) {
      writer.save(first, false, 10);
      Arrays.fill(first.weights(), -1);
      writer.save(Fixtures.checkpoint(2), true, 10);
      writer.await();
    }

    assertThat(store.load("step-00000001").weights()).containsExactly(expected);
    assertThat(store.latest()).contains("step-00000002");
    assertThat(store.best()).contains("step-00000002");
  }

  @Test
  void whatIsBeingWrittenIsFinishedWhenTrainingFails() {
    try (CheckpointWriter writer = new CheckpointWriter(store)) {
      writer.save(Fixtures.checkpoint(1), false, 10);
    }

    assertThat(store.load("latest").step()).isEqualTo(1);
  }

  @Test
  void aWriteThatFailsIsHeardOf() throws IOException {
    store.save(Fixtures.checkpoint(1), false, 10);
    // A file where the next checkpoint's hidden folder should be made.
    Path checkpoints = temporary.resolve("run/checkpoints");
    Files.move(checkpoints, temporary.resolve("run/aside"));
    Files.createFile(checkpoints);
    try (CheckpointWriter writer = new CheckpointWriter(store)) {
      writer.save(Fixtures.checkpoint(2), false, 10);

      assertThatThrownBy(writer::await)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("cannot write checkpoint")
          .hasMessageEndingWith("earlier checkpoints are as they were");
      writer.await(); // thrown once
    }
    Files.delete(checkpoints);
    Files.move(temporary.resolve("run/aside"), checkpoints);
    assertThat(store.load("latest").step()).isEqualTo(1);
  }
}
