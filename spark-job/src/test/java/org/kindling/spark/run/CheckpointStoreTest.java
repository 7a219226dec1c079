package org.kindling.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.kindling.spark.run.Fixtures.KEEP_ALL;
import static org.kindling.spark.run.Fixtures.LOCAL;
import static org.kindling.spark.run.Fixtures.checkpoint;
import static org.kindling.spark.run.Fixtures.file;
import static org.kindling.spark.run.Fixtures.filesBelow;
import static org.kindling.spark.run.Fixtures.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.model.safetensors.Safetensors;
import org.kindling.model.safetensors.SafetensorsFile;
import org.kindling.spark.InputException;
import org.kindling.spark.files.FlakyFileSystem;

class CheckpointStoreTest {
  @TempDir Path directory;
  private CheckpointStore store;

  @BeforeEach
  void createRun() {
    store = Fixtures.run(directory).checkpoints();
  }

  @Test
  void whatIsSavedIsLoaded() throws IOException {
    Checkpoint saved = checkpoint(state(2000, 1.886, 2000));

    String name = store.save(saved, true, KEEP_ALL);

    assertThat(name).isEqualTo("step-00002000");
    Checkpoint loaded = store.load(name);
    assertThat(loaded.step()).isEqualTo(2000);
    assertThat(loaded.weights()).isEqualTo(saved.weights());
    assertThat(loaded.firstMoment()).isEqualTo(saved.firstMoment());
    assertThat(loaded.secondMoment()).isEqualTo(saved.secondMoment());
    assertThat(loaded.state()).isEqualTo(saved.state());
    assertThat(store.state("best")).isEqualTo(saved.state());
    assertThat(filesBelow(directory))
        .containsExactly(
            "best",
            "checkpoints/step-00002000/model.safetensors",
            "checkpoints/step-00002000/optimizer.safetensors",
            "checkpoints/step-00002000/state.json",
            "config.conf",
            "latest",
            "tokenizer.json");
    assertThat(directory.resolve("latest")).hasContent("step-00002000\n");
  }

  @Test
  void theModelsFileSpeaksForItself() throws IOException {
    store.save(checkpoint(3), false, KEEP_ALL);

    try (InputStream in = Files.newInputStream(file(directory, 3, "model.safetensors"))) {
      SafetensorsFile model = Safetensors.read(in);
      assertThat(model.metadata())
          .containsEntry("format", "pt")
          .containsEntry("type", "gpt")
          .containsEntry("activation", "gelu-tanh")
          .containsEntry("tiedHead", "true")
          .containsEntry("vocabulary", "11")
          .containsEntry("dropout", "0.1");
      assertThat(model.tensors().get("h.1.attn.c_attn.weight").shape()).containsExactly(24, 8);
    }
    try (InputStream in = Files.newInputStream(file(directory, 3, "optimizer.safetensors"))) {
      assertThat(Safetensors.read(in).tensors())
          .containsKeys("exp_avg.wte.weight", "exp_avg_sq.ln_f.bias");
    }
  }

  @Test
  void weightsAreLoadedWithoutTheOptimizersFile() throws IOException {
    Checkpoint saved = checkpoint(3);
    store.save(saved, false, KEEP_ALL);
    Files.delete(file(directory, 3, "optimizer.safetensors"));

    assertThat(store.loadWeightsOnly("latest").values()).isEqualTo(saved.weights());
    assertThat(store.loadWeightsOnly("latest").state().model()).isEqualTo(Fixtures.MODEL);
    assertThatThrownBy(() -> store.load("latest"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "checkpoint %s is damaged: optimizer.safetensors is missing",
            file(directory, 3, "optimizer.safetensors").getParent());
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> store.load("best"))
        .hasMessage("%s has no checkpoint best: it has none", directory);
    store.save(checkpoint(1), false, KEEP_ALL);
    store.save(checkpoint(2), false, KEEP_ALL);

    assertThatThrownBy(() -> store.load("step-3"))
        .isInstanceOf(InputException.class)
        .hasMessage("%s has no checkpoint step-3: it has step-00000001, step-00000002", directory);
    assertThatThrownBy(() -> store.load("../config.conf")).hasMessageContaining("no checkpoint");
  }

  @Test
  void theLastOnesAndTheBestAreKept() {
    store.save(checkpoint(state(1, 3.0, 1)), true, 2);
    store.save(checkpoint(state(2, 2.0, 2)), true, 2);
    for (int step = 3; step <= 6; step++) {
      store.save(checkpoint(state(step, 2.0, 2)), false, 2);
    }

    assertThat(store.names()).containsExactly("step-00000002", "step-00000005", "step-00000006");
    assertThat(store.best()).contains("step-00000002");
    assertThat(store.load("best").step()).isEqualTo(2);
  }

  /** A process ended between a checkpoint and its pointers. */
  @Test
  void aPointerThatIsBehindItsCheckpointsIsPutRight() throws IOException {
    store.save(checkpoint(state(1, 3.0, 1)), true, 1);
    store.save(checkpoint(state(2, 2.0, 2)), true, 2);
    Files.writeString(directory.resolve("best"), "step-00000001\n");

    store.save(checkpoint(state(3, 2.0, 2)), false, 1);

    assertThat(store.best()).contains("step-00000002");
    assertThat(store.names()).containsExactly("step-00000002", "step-00000003");
  }

  @Test
  void pointersThatAreBehindArePutRightWhereARunGoesOn() throws IOException {
    store.save(checkpoint(state(1, 3.0, 1)), true, KEEP_ALL);
    Checkpoint last = checkpoint(state(2, 2.0, 2));
    store.save(last, true, KEEP_ALL);
    Files.writeString(directory.resolve("best"), "step-00000001\n");
    Files.delete(directory.resolve("latest"));

    store.pointAsOf(last);

    assertThat(directory.resolve("best")).hasContent("step-00000002");
    assertThat(directory.resolve("latest")).hasContent("step-00000002");
  }

  /** In Persian, a formatted number has digits of its own. */
  @Test
  void aCheckpointsNameIsTheSameInAnyLanguage() {
    Locale usual = Locale.getDefault(Locale.Category.FORMAT);
    Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("fa-IR-u-nu-arabext"));
    try {
      assertThat("%d".formatted(7)).isNotEqualTo("7");
      assertThat(store.save(checkpoint(1), false, KEEP_ALL)).isEqualTo("step-00000001");
      assertThat(store.names()).containsExactly("step-00000001");
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, usual);
    }
  }

  @Test
  void beforeTheFirstEvaluationBestFollowsLatest() {
    store.save(checkpoint(1), false, 1);
    store.save(checkpoint(2), false, 1);

    assertThat(store.names()).containsExactly("step-00000002");
    assertThat(store.best()).contains("step-00000002");
  }

  @Test
  void aFileSystemWithoutAtomicReplaceWillDo() {
    RunDirectory run = RunDirectory.open("flaky://" + directory, FlakyFileSystem.configuration(""));
    run.writeConfig("one");
    run.writeConfig("two");

    run.checkpoints().save(checkpoint(1), false, 1);
    run.checkpoints().save(checkpoint(2), false, 1);

    assertThat(run.config()).isEqualTo("two");
    assertThat(run.checkpoints().load("latest").step()).isEqualTo(2);
    assertThat(RunDirectory.open(directory.toString(), LOCAL).checkpoints().names())
        .containsExactly("step-00000002");
  }
}
