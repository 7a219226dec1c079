package org.kindling.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.InputException;
import org.kindling.spark.files.FlakyFileSystem;

class MetricsLogTest {
  @TempDir Path temporary;
  private Path file;
  private RunDirectory run;

  @BeforeEach
  void createRun() {
    run = Fixtures.run(temporary.resolve("run"));
    file = temporary.resolve("run/metrics.jsonl");
  }

  @Test
  void eachLineIsThereAtOnce() throws IOException {
    try (MetricsLog log = run.startMetrics()) {
      assertThat(file).isEmptyFile();
      log.append(metrics(10, null));
      assertThat(file)
          .hasContent(
              "{\"step\":10,\"trainLoss\":2.5,\"learningRate\":0.001,\"gradientNorm\":0.75,"
                  + "\"tokensPerSecond\":1000.0,\"stepMillis\":9.0,\"weightsMillis\":1.0,"
                  + "\"computeMillis\":5.0,\"reduceMillis\":2.0,\"optimizerMillis\":1.0,"
                  + "\"bytesSent\":3000000000}\n");
      log.append(metrics(20, 2.25));
      assertThat(Files.readAllLines(file)).hasSize(2);
      assertThat(Files.readAllLines(file).get(1)).contains("\"validationLoss\":2.25,");
    }
    assertThat(run.readMetrics()).containsExactly(metrics(10, null), metrics(20, 2.25));
  }

  @Test
  void resumingDropsTheLinesThatWillBeTrainedAgain() throws IOException {
    try (MetricsLog log = run.startMetrics()) {
      for (int step = 10; step <= 50; step += 10) {
        log.append(metrics(step, null));
      }
    }
    // A process that dies may leave half a line.
    Files.writeString(file, "{\"step\":60,\"trainL", StandardOpenOption.APPEND);

    try (MetricsLog log = run.resumeMetrics(30)) {
      log.append(metrics(40, 1.5));
    }

    assertThat(run.readMetrics())
        .containsExactly(metrics(10, null), metrics(20, null), metrics(30, null), metrics(40, 1.5));
    assertThat(temporary.resolve("run")).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void resumingWithoutAFileStartsOne() {
    assertThat(run.readMetrics()).isEmpty();
    try (MetricsLog log = run.resumeMetrics(30)) {
      log.append(metrics(40, null));
    }
    assertThat(run.readMetrics()).containsExactly(metrics(40, null));
  }

  @Test
  void aDivergedRunsNumbersSurvive() {
    Metrics diverged =
        new Metrics(1, Double.NaN, null, 1, Double.POSITIVE_INFINITY, 1, 1, 1, 1, 1, 1, 1);
    try (MetricsLog log = run.startMetrics()) {
      log.append(diverged);
    }
    assertThat(run.readMetrics()).containsExactly(diverged);
  }

  @Test
  void whereNothingCanBeAppendedAFlushWritesAllLines() throws IOException {
    RunDirectory store = RunDirectory.open("flaky://" + run, FlakyFileSystem.configuration(""));
    try (MetricsLog log = store.startMetrics()) {
      log.append(metrics(10, null));
      assertThat(file).isEmptyFile();
      log.flush();
      assertThat(Files.readAllLines(file)).hasSize(1);
      log.append(metrics(20, null));
    }
    assertThat(Files.readAllLines(file)).hasSize(2);

    try (MetricsLog log = store.resumeMetrics(10)) {
      log.append(metrics(20, 2.0));
    }
    assertThat(store.readMetrics()).containsExactly(metrics(10, null), metrics(20, 2.0));
  }

  /** As HDFS does when the data nodes are gone that hold a file's end. */
  @Test
  void whereAppendingEndsInTheMiddleOfALineNoLineIsLost() throws IOException {
    Configuration configuration = FlakyFileSystem.configuration("");
    configuration.setLong(FlakyFileSystem.APPEND, 300); // a line and a half
    RunDirectory breaking = RunDirectory.open("flaky://" + run, configuration);

    try (MetricsLog log = breaking.startMetrics()) {
      log.append(metrics(10, null));
      assertThat(breaking.readMetrics()).containsExactly(metrics(10, null));
      log.append(metrics(20, null));
      assertThat(breaking.readMetrics()).containsExactly(metrics(10, null), metrics(20, null));
      log.append(metrics(30, null));
    }

    assertThat(breaking.readMetrics())
        .containsExactly(metrics(10, null), metrics(20, null), metrics(30, null));
  }

  @Test
  void aFullDiskIsOneLine() {
    Configuration configuration = FlakyFileSystem.configuration("");
    configuration.setLong(FlakyFileSystem.ROOM, 300);
    RunDirectory full = RunDirectory.open("flaky://" + run, configuration);

    MetricsLog log = full.startMetrics();
    log.append(metrics(10, null));
    log.flush();
    log.append(metrics(20, null));

    assertThatThrownBy(log::flush)
        .isInstanceOf(InputException.class)
        .hasMessageMatching("cannot write .*/run/metrics.jsonl: No space left on device");
    assertThat(full.readMetrics()).containsExactly(metrics(10, null));
  }

  private static Metrics metrics(int step, Double validationLoss) {
    return new Metrics(step, 2.5, validationLoss, 0.001, 0.75, 1000, 9, 1, 5, 2, 1, 3_000_000_000L);
  }
}
