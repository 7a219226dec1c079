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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Signals to the script's process, as a terminal, a scheduler or {@code kill} send them. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class StopSignalIT {
  @TempDir Path folder;

  /** SIGTERM to a driver in local mode, then Ctrl-C to one on a cluster, and to its executors. */
  @Test
  void aSignalLeavesACheckpointFromWhichTheSameBitsFollow() throws Exception {
    Path run = folder.resolve("stopped");
    Script.Started local = Script.start(folder, train(run, "train.steps=1000000"));
    awaitText(local, "step 1/");
    local.process().destroy();
    int first = stoppedAfter(local, "SIGTERM", run);

    Script.Started onCluster =
        Script.startAsGroup(folder, "--master=local-cluster[2,1,1024]", "train", "--resume=" + run);
    awaitText(onCluster, "\nstep ");
    onCluster.interruptGroup();
    int second = stoppedAfter(onCluster, "SIGINT", run);
    assertThat(second).isGreaterThan(first);

    String steps = "train.steps=" + (second + 20);
    Script.Ended resumed = Script.kindling(folder, "train", "--resume", run.toString(), steps);
    assertThat(resumed.out())
        .startsWith("changed: train.steps 1000000 -> %d\n".formatted(second + 20));
    Path undisturbed = folder.resolve("undisturbed");
    Script.Ended whole = Script.kindling(folder, train(undisturbed, steps));
    assertThat(whole.exitCode()).as(whole.err()).isZero();

    assertThat(model(run, second + 20)).hasSameBinaryContentAs(model(undisturbed, second + 20));
  }

  /** That it ended well, with a checkpoint; returns the step. */
  private static int stoppedAfter(Script.Started training, String signal, Path run)
      throws Exception {
    Script.Ended ended = training.await();
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.err())
        .contains("kindling: %s: writing a checkpoint after this step".formatted(signal))
        .doesNotContain("\tat ");
    Matcher said =
        Pattern.compile(
                "\nstopped after step (\\d+) of 1000000; to continue: kindling train --resume "
                    + run)
            .matcher(ended.out());
    assertThat(said.find()).as(ended.out()).isTrue();
    int step = Integer.parseInt(said.group(1));
    assertThat(model(run, step)).exists();
    return step;
  }

  private static Path model(Path run, int step) {
    return run.resolve("checkpoints/step-%08d/model.safetensors".formatted(step));
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
    awaitText(training, "\nrun ");
    training.process().destroy();
    awaitText(training, "SIGTERM");

    training.process().destroy();
    Script.Ended ended = training.await();

    assertThat(ended.exitCode()).isEqualTo(128 + 15);
    assertThat(ended.out()).doesNotContain("stopped after", "step 1/");
  }

  private String[] train(Path output, String... more) {
    String[] settings = {
      "train",
      "--input=" + CommandLineFixture.rhyme(folder),
      "--output=" + output,
      "model.layers=1",
      "model.embedding=16",
      "model.heads=2",
      "model.context=8",
      "model.dropout=0.1",
      "train.shards=2",
      "train.schedule=constant",
      "train.eval-every=1000000"
    };
    String[] all = new String[settings.length + more.length];
    System.arraycopy(settings, 0, all, 0, settings.length);
    System.arraycopy(more, 0, all, settings.length, more.length);
    return all;
  }

  private static void awaitText(Script.Started started, String text)
      throws IOException, InterruptedException {
    started.awaitUntil(
        () -> (Files.readString(started.out()) + Files.readString(started.err())).contains(text));
  }
}
