package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What may happen on a cluster, on the one that scripts/cluster starts: a master, three workers and
 * their executors, each a process that can be killed. Whatever happens, the last checkpoint has the
 * bits of a run in local mode that nothing disturbed.
 *
 * <p>With {@code -Dkindling.faults=long}, each disturbance comes at several random places.
 */
class ClusterFaultsIT {
  private static final int ROUNDS = FaultyRun.isLong() ? 4 : 1;

  @TempDir static Path folder;

  private static Path text;
  private static String cluster;
  private static String master;
  private static List<String> undisturbed;

  @BeforeAll
  static void start() throws Exception {
    text = CommandLineFixture.rhyme(folder);
    FaultyRun run = FaultyRun.in(folder, "local[2]");
    succeed(run.start(text));
    undisturbed = run.result();

    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    master = "spark://127.0.0.1:" + port;
    cluster = folder.resolve("cluster").toString();
    Script.Ended started =
        Script.cluster(
            folder, "start", "--workers=3", "--memory=1g", "--port=" + port, "--folder=" + cluster);
    assertThat(started.err()).isEmpty();
    assertThat(started.out()).startsWith("master   " + master + "\nweb page http://");

    Script.Ended again = Script.cluster(folder, "start", "--folder=" + cluster);
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).startsWith("cluster: one runs already, " + master).hasLineCount(1);
  }

  @AfterAll
  static void stop() throws Exception {
    assertThat(Script.cluster(folder, "stop", "--folder=" + cluster).out()).isEqualTo("stopped\n");
    assertThat(Path.of(cluster)).doesNotExist();
    assertThat(executors()).isEmpty();
  }

  /** Executors are killed, and of the tasks some fail after their work and some have copies. */
  @Test
  void executorsAndTasksThatDie() throws Exception {
    String classes = Path.of("target/test-classes").toAbsolutePath().toString();
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(round);
      FaultyRun run = onCluster();
      run.spark()
          .addAll(
              List.of(
                  "--conf=spark.driver.extraClassPath=" + classes,
                  "--conf=spark.executor.extraClassPath=" + classes,
                  "--conf=spark.plugins=" + BadTasks.class.getName(),
                  // Asked for a dead executor's files, Spark waits for them for 15 seconds
                  // otherwise.
                  "--conf=spark.shuffle.io.maxRetries=1",
                  "--conf=spark.shuffle.io.retryWait=100ms",
                  "--conf=spark.speculation=true",
                  "--conf=spark.speculation.interval=10ms",
                  "--conf=spark.speculation.quantile=0.1",
                  "--conf=spark.speculation.multiplier=1.1",
                  "--conf=spark.speculation.minTaskRuntime=1ms"));
      String reduction = round % 2 == 0 ? "train.reduction=shuffle" : "train.reduction=collect";
      Script.Started training = run.start(text, reduction);
      for (int step : List.of(3 + random.nextInt(12), 20 + random.nextInt(12))) {
        run.awaitStep(training, step);
        List<ProcessHandle> executors = executors();
        ProcessHandle victim = executors.get(random.nextInt(executors.size()));
        victim.destroyForcibly();
        victim.onExit().get();
      }

      succeed(training);

      assertThat(run.result()).isEqualTo(undisturbed);
      assertThat(events(run, "\"Event\":\"SparkListenerExecutorRemoved\""))
          .isGreaterThanOrEqualTo(2);
      assertThat(events(run, "a task fails on purpose after its work")).isPositive();
      assertThat(events(run, "\"Event\":\"SparkListenerTaskStart\".*\"Speculative\":true"))
          .isPositive();
    }
  }

  /** In the middle of a step, then while a checkpoint is written, each time on other executors. */
  @Test
  void aDriverThatIsKilledAndResumed() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      FaultyRun run = onCluster();
      Script.Started first = onCluster(run, "--total-executor-cores=2").start(text);
      run.awaitStep(first, 12 + new Random(round).nextInt(8));
      first.kill();

      FaultyRun local = new FaultyRun(run.folder(), "local[2]", List.of());
      Script.Started second = local.resume("train.checkpoint-every=2");
      run.awaitStep(second, 22 + new Random(round).nextInt(6));
      second.killWhile(() -> !run.hidden().isEmpty());
      int written = run.hidden().size();

      FaultyRun smaller = onCluster(run, "--total-executor-cores=1");
      Script.Ended third = succeed(smaller.resume());

      // The first may have been as far as the second waits for, before it was killed.
      assertThat(third.out()).containsPattern("continuing .* from step [123]\\d\n");
      assertThat(run.result()).isEqualTo(undisturbed);
      assertThat(written).as("checkpoints that were being written").isEqualTo(1);
      assertThat(run.hidden()).isEmpty();
    }
  }

  private static FaultyRun onCluster() throws IOException {
    FaultyRun run = FaultyRun.in(folder, master);
    Path events = Files.createDirectory(run.folder().resolve("events"));
    run.spark()
        .addAll(
            List.of(
                "--executor-memory=1g",
                "--conf=spark.eventLog.enabled=true",
                "--conf=spark.eventLog.rolling.enabled=false",
                "--conf=spark.eventLog.compress=false",
                "--conf=spark.eventLog.dir=file:" + events,
                "--conf=spark.local.dir=" + run.folder().resolve("local")));
    return run;
  }

  /** The same run, continued on a cluster of another size. */
  private static FaultyRun onCluster(FaultyRun run, String... more) {
    List<String> spark = new ArrayList<>(run.spark());
    spark.addAll(List.of(more));
    return new FaultyRun(run.folder(), master, spark);
  }

  private static Script.Ended succeed(Script.Started training) throws Exception {
    Script.Ended ended = training.await();
    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
    return ended;
  }

  /** How many of Spark's events match. */
  private static long events(FaultyRun run, String regex) throws IOException {
    Pattern pattern = Pattern.compile(regex);
    long count = 0;
    try (Stream<Path> logs = Files.list(run.folder().resolve("events"))) {
      for (Path log : logs.toList()) {
        try (Stream<String> lines = Files.lines(log)) {
          count += lines.filter(line -> pattern.matcher(line).find()).count();
        }
      }
    }
    return count;
  }

  /** The executors of this test's cluster: they work in folders below its own. */
  private static List<ProcessHandle> executors() {
    return ProcessHandle.allProcesses()
        .filter(Script::isExecutor)
        .filter(process -> workingFolder(process).startsWith(cluster + "/"))
        .toList();
  }

  private static String workingFolder(ProcessHandle process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd")).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
