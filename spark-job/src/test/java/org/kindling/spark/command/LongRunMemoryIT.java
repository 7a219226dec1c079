package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A long run on a cluster leaves driver and executors where they were: a thousand steps of ten
 * million parameters, with so little text a step that nearly all is vectors going to and fro.
 */
@EnabledIfSystemProperty(named = "kindling.faults", matches = "long")
class LongRunMemoryIT {
  private static final int STEPS = Integer.getInteger("kindling.faults.steps", 1000);
  private static final int SAMPLES = 10;

  @TempDir Path folder;

  /** Driver first, then executors; and the files that Spark keeps for shuffles and broadcasts. */
  private record Sample(int step, List<ProcessMemory> processes, long files, long diskKiB) {}

  /** Whether the driver adds the gradients or the tasks do. */
  @ParameterizedTest
  @ValueSource(strings = {"collect", "shuffle"})
  void memoryAndDiskStayWhereTheyWere(String reduction) throws Exception {
    Path local = Files.createDirectory(folder.resolve("local"));
    Path run = folder.resolve("output");
    Script.Started training =
        Script.start(
            folder,
            "--master=local-cluster[2,1,2048]",
            "--executor-memory=1g",
            "--conf=spark.local.dir=" + local,
            "train",
            "--input=" + CommandLineFixture.rhyme(folder),
            "--output=" + run,
            "model.layers=1",
            "model.heads=14",
            "model.embedding=896",
            "model.context=8",
            "train.batch-size=2",
            "train.shards=2",
            "train.reduction=" + reduction,
            "train.steps=" + STEPS,
            "train.log-every=1",
            "train.eval-every=" + STEPS,
            "train.checkpoint-every=" + STEPS);
    List<Sample> samples = new ArrayList<>();
    try {
      for (int step = 1; step <= STEPS - STEPS / SAMPLES; step++) {
        int wanted = step;
        training.awaitUntil(() -> FaultyRun.steps(run) >= wanted);
        if (step % (STEPS / SAMPLES) == 0) {
          samples.add(sample(training, local, step));
          System.out.println(reduction + " " + samples.get(samples.size() - 1));
        }
      }
      training.process().waitFor();
    } finally {
      training.kill();
    }
    Script.Ended ended = training.await();
    assertThat(ended.exitCode()).as(ended.err()).isZero();

    Sample early = samples.get(1);
    Sample late = samples.get(samples.size() - 1);
    assertThat(late.processes()).hasSameSizeAs(early.processes()).hasSize(3);
    for (int i = 0; i < late.processes().size(); i++) {
      ProcessMemory then = early.processes().get(i);
      ProcessMemory now = late.processes().get(i);
      // A sample may fall into a step, with its vectors of 37 MiB on their way.
      assertThat(now.heapMiB()).as(samples.toString()).isLessThan(then.heapMiB() + 400);
      assertThat(now.blocks()).as(samples.toString()).isLessThan(then.blocks() + 50);
      assertThat(now.rssMiB()).as(samples.toString()).isLessThan(then.rssMiB() * 3 / 2);
    }
    assertThat(late.files()).as(samples.toString()).isLessThan(early.files() + 100);
  }

  private static Sample sample(Script.Started training, Path local, int step) throws Exception {
    List<ProcessMemory> processes = new ArrayList<>();
    processes.add(ProcessMemory.of(training.process().toHandle()));
    for (ProcessHandle executor : training.executors()) {
      processes.add(ProcessMemory.of(executor));
    }
    long[] counted = count(local.toFile());
    return new Sample(step, processes, counted[0], counted[1] / 1024);
  }

  /** Files below a folder, and their bytes; they come and go meanwhile. */
  private static long[] count(File folder) {
    long[] sum = new long[2];
    File[] children = folder.listFiles();
    for (File child : children == null ? new File[0] : children) {
      long[] more = child.isDirectory() ? count(child) : new long[] {1, child.length()};
      sum[0] += more[0];
      sum[1] += more[1];
    }
    return sum;
  }
}
