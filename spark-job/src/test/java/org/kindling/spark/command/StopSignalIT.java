package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signals to the script's process, as a terminal, a scheduler or {@code kill} send them. */
@Timeout(300)
class StopSignalIT {
  @TempDir Path folder;

  @Test
  void aSignalLeavesACheckpointFromWhichTheSameBitsFollow() throws Exception {
    Path stopped = folder.resolve("stopped");
    Script.Started training = Script.start(folder, train(stopped, "train.steps=1000000"));
    await(training, "step 1/");

    training.process().destroy(); // SIGTERM
    Script.Ended ended = training.await();

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("kindling: SIGTERM: writing a checkpoint after this step");
    Matcher said =
        Pattern.compile(
                "\nstopped after step (\\d+) of 1000000; to continue: kindling train --resume "
                    + stopped)
            .matcher(ended.out());
    assertThat(said.find()).as(ended.out()).isTrue();
    int step = Integer.parseInt(said.group(1));
    String checkpoint = "checkpoints/step-%08d/model.safetensors";
    assertThat(stopped.resolve(checkpoint.formatted(step))).exists();

    String steps = "train.steps=" + (step + 20);
    Script.Ended resumed = Script.kindling(folder, "train", "--resume", stopped.toString(), steps);
    assertThat(resumed.out())
        .startsWith("changed: train.steps 1000000 -> %d\n".formatted(step + 20));
    Path undisturbed = folder.resolve("undisturbed");
    Script.kindling(folder, train(undisturbed, steps));

    assertThat(stopped.resolve(checkpoint.formatted(step + 20)))
        .hasSameBinaryContentAs(undisturbed.resolve(checkpoint.formatted(step + 20)));
  }

  /** A step of minutes, so that the first signal cannot be served before the second. */
  @Test
  void aSecondSignalStopsAtOnce() throws Exception {
    Script.Started training =
        Script.start(
            folder,
            train(
                folder.resolve("slow"),
                "train.batch-size=4096",
                "model.layers=2",
                "model.embedding=256",
                "model.context=128"));
    await(training, "\nrun ");
    Thread.sleep(1000); // from that line to the first step
    training.process().destroy();
    await(training, "SIGTERM");

    training.process().destroy();
    Script.Ended ended = training.await();

    assertThat(ended.exitCode()).isEqualTo(128 + 15);
    assertThat(ended.out()).doesNotContain("stopped after", "step 1/");
  }

  private String[] train(Path output, String... more) {
    String[] settings = {
      "--master",
      "local[2]",
      "train",
      "--input=" + CommandLineFixture.rhyme(folder),
      "--output=" + output,
      "model.layers=1",
      "model.embedding=16",
      "model.heads=2",
      "model.context=8",
      "model.dropout=0.1",
      "train.schedule=constant",
      "train.eval-every=1000000"
    };
    String[] all = new String[settings.length + more.length];
    System.arraycopy(settings, 0, all, 0, settings.length);
    System.arraycopy(more, 0, all, settings.length, more.length);
    return all;
  }

  private static void await(Script.Started started, String text)
      throws IOException, InterruptedException {
    while (!(Files.readString(started.out()) + Files.readString(started.err())).contains(text)) {
      assertThat(started.process().isAlive()).as(Files.readString(started.err())).isTrue();
      Thread.sleep(20);
    }
  }
}
