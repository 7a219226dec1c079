package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.command.CommandLineFixture.Result;

/** Runs that are continued. */
@ExtendWith(CommandLineFixture.class)
class ResumeTest {
  @TempDir static Path folder;
  private static Path text;

  @BeforeAll
  static void writeText() {
    text = CommandLineFixture.rhyme(folder);
  }

  /** Ten steps at once, or six and then the rest. */
  @Test
  void aResumedRunIsAsIfItHadNeverStopped() throws IOException {
    Path whole = folder.resolve("whole");
    Path halves = folder.resolve("halves");
    assertThat(train(text, whole, "train.steps=10").exitCode()).isZero();
    assertThat(train(text, halves, "train.steps=6").exitCode()).isZero();

    Result resumed = kindling("train", "--resume", halves.toString(), "train.steps=10");

    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out())
        .startsWith("changed: train.steps 6 -> 10\ncontinuing " + halves + " from step 6\n");
    assertThat(halves.resolve("latest")).hasContent("step-00000010\n");
    assertThat(Files.readString(halves.resolve("config.conf"))).contains("steps = 10\n");
    for (String file : List.of("model", "optimizer")) {
      assertThat(tensors(halves, file)).hasSameBinaryContentAs(tensors(whole, file));
    }
  }

  /** 0 leaves the number to the first start, which was long ago. */
  @Test
  void shardsOfAResumedRunAreThoseItHas() {
    Path run = folder.resolve("shards");
    train(text, run, "train.steps=2");

    Result resumed = kindling("train", "--resume=" + run, "train.shards=0", "train.steps=4");

    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out()).startsWith("changed: train.steps 2 -> 4\ncontinuing ");
  }

  @Test
  void aResumedRunMayBeForcedToLearnSomethingElse() throws IOException {
    Path run = folder.resolve("forced");
    train(text, run, "train.steps=6");

    Result resumed =
        kindling(
            "train",
            "--resume=" + run,
            "--force",
            "train.steps=8",
            "train.seed=7",
            "train.batch-size=2",
            "data.validation-fraction=0.2");

    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out())
        .startsWith(
            "changed: data.validation-fraction 0.1 -> 0.2\n"
                + "changed: train.steps 6 -> 8\n"
                + "changed: train.batch-size 8 -> 2\n"
                + "changed: train.seed 1337 -> 7\n");
    assertThat(Files.readString(run.resolve("checkpoints/step-00000008/state.json")))
        .contains("\"seed\" : 7");
  }

  @Test
  void aRunThatEndedBeforeItsFirstCheckpointBeginsAgain() throws IOException {
    Path whole = folder.resolve("whole run");
    Path cut = folder.resolve("cut run");
    train(text, whole, "train.steps=10");
    train(text, cut, "train.steps=10");
    for (String name : List.of("latest", "best")) {
      Files.delete(cut.resolve(name));
    }
    Path checkpoint = cut.resolve("checkpoints/step-00000010");
    Files.move(checkpoint, folder.resolve("moved away"));

    Result resumed = kindling("train", "--resume=" + cut);

    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out()).startsWith(cut + " has no checkpoint yet: starting from step 0\n");
    assertThat(tensors(cut, "model")).hasSameBinaryContentAs(tensors(whole, "model"));
  }

  @Test
  void resumeFallsBackToTheNewestWholeCheckpointAndSaysSo() throws IOException {
    Path damaged = folder.resolve("damaged");
    train(text, damaged, "train.steps=20", "train.learning-rate=1e-3");
    Path newest = damaged.resolve("checkpoints/step-00000020/optimizer.safetensors");
    Files.write(newest, new byte[10]);

    Result resumed = kindling("train", "--resume", damaged.toString());

    assertThat(resumed.exitCode()).isZero();
    assertThat(resumed.out())
        .startsWith("passed over: checkpoint %s is damaged: ".formatted(newest.getParent()))
        .contains("continuing " + damaged + " from step 10\n");
  }

  private static Path tensors(Path run, String file) {
    return run.resolve("checkpoints/step-00000010/" + file + ".safetensors");
  }
}
