package org.kindling.spark.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.model.ParameterLayout;
import org.kindling.model.ParameterLayout.Parameter;
import org.kindling.spark.files.FlakyFileSystem;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.settings.SettingsReader;
import org.kindling.spark.tensorboard.EventReader.Read;
import org.tensorflow.framework.HistogramProto;

/** What a run's event files hold, on disks that work and others. */
class EventLogTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.250Z");

  @TempDir Path folder;

  private static Clock at(Instant time) {
    return Clock.fixed(time, ZoneOffset.UTC);
  }

  private RunDirectory run(String scheme, Configuration hadoop) {
    return RunDirectory.create(scheme + folder.resolve("run"), false, "", "{}", hadoop);
  }

  private EventLog log(int begun, Instant time) {
    Configuration hadoop = new Configuration();
    RunDirectory run =
        begun == 0
            ? run("file://", hadoop)
            : RunDirectory.open("file://" + folder.resolve("run"), hadoop);
    return new EventLog(run, hadoop, begun, at(time));
  }

  private static Metrics line(int step, Double validationLoss) {
    return new Metrics(step, 2.5, validationLoss, 1e-3, 0.75, 40_000, 12, 1, 8, 2, 1, 3_216_384);
  }

  private List<Read> events() throws IOException {
    return EventReader.folder(folder.resolve("run/tensorboard"));
  }

  @Test
  void aLineIsAPointOfEachCurveAndVisibleAtOnce() throws IOException {
    EventLog log = log(0, NOON);
    log.metrics(line(10, null));
    log.metrics(line(20, 2.25));

    List<Read> events = events();
    assertThat(events.get(0).version()).isEqualTo("brain.Event:2");
    assertThat(events).extracting(Read::time).containsOnly(1795262400.25);
    assertThat(EventReader.scalars(events, "loss/training")).containsExactly("10: 2.5", "20: 2.5");
    assertThat(EventReader.scalars(events, "loss/validation")).containsExactly("20: 2.25");
    assertThat(EventReader.scalars(events, "optimizer/learning-rate"))
        .containsExactly("10: 0.001", "20: 0.001");
    assertThat(EventReader.scalars(events, "optimizer/gradient-norm")).contains("10: 0.75");
    assertThat(EventReader.scalars(events, "speed/tokens-per-second")).contains("10: 40000.0");
    assertThat(EventReader.scalars(events, "speed/bytes-sent-per-step")).contains("10: 3216384.0");
    assertThat(EventReader.scalars(events, "milliseconds/step")).contains("10: 12.0");
    assertThat(EventReader.scalars(events, "milliseconds/weights")).contains("10: 1.0");
    assertThat(EventReader.scalars(events, "milliseconds/computation")).contains("10: 8.0");
    assertThat(EventReader.scalars(events, "milliseconds/adding-gradients")).contains("10: 2.0");
    assertThat(EventReader.scalars(events, "milliseconds/optimizer")).contains("10: 1.0");
    log.close();
    assertThat(events()).isEqualTo(events);
  }

  @Test
  void textIsIndentedSoThatMarkdownLeavesItAsItIs() throws IOException {
    try (EventLog log = log(0, NOON)) {
      log.text(20, "sample", "\n# No *heading*:\n  thou \u00e9\ud83d\ude00");
    }

    assertThat(EventReader.texts(events(), "sample"))
        .containsExactly("    \n    # No *heading*:\n      thou \u00e9\ud83d\ude00\n");
  }

  @Test
  void eachTensorHasAHistogram() throws IOException {
    ParameterLayout layout =
        ParameterLayout.of(
            SettingsReader.read(
                    Optional.empty(),
                    List.of("model.layers=1", "model.heads=1", "model.embedding=4"))
                .model()
                .withVocabulary(9));
    float[] weights = new float[layout.size()];
    Parameter gain = layout.get("h.0.ln_1.weight");
    for (int i = 0; i < gain.length(); i++) {
      weights[gain.offset() + i] = i;
    }
    try (EventLog log = log(0, NOON)) {
      log.histograms(7, layout, weights);
    }

    List<Read> events = events();
    for (Parameter one : layout.parameters()) {
      assertThat(histogram(events, one.name()).getNum()).as(one.name()).isEqualTo(one.length());
    }
    HistogramProto histogram = histogram(events, "h.0.ln_1.weight");
    assertThat(histogram.getMin()).isZero();
    assertThat(histogram.getMax()).isEqualTo(3);
    assertThat(histogram.getSum()).isEqualTo(6);
    assertThat(histogram.getSumSquares()).isEqualTo(14);
    assertThat(histogram.getBucketLimitList()).hasSize(30).isSorted();
    assertThat(histogram.getBucketList().stream().filter(count -> count > 0)).hasSize(4);
  }

  private static HistogramProto histogram(List<Read> events, String tensor) {
    return events.stream()
        .filter(event -> event.is("weights/" + tensor))
        .findFirst()
        .orElseThrow()
        .value()
        .getHisto();
  }

  /** What a restart says makes TensorBoard forget the steps that are trained again. */
  @Test
  void aResumedRunBeginsAnotherFileBehindThoseThatAreThere() throws IOException {
    try (EventLog log = log(0, NOON)) {
      log.metrics(line(10, null));
      log.metrics(line(20, null));
    }
    // Another machine, whose clock is a minute behind.
    try (EventLog log = log(10, NOON.minus(Duration.ofMinutes(1)))) {
      log.metrics(line(20, null));
    }

    assertThat(EventReader.files(folder.resolve("run/tensorboard")))
        .extracting(file -> file.getFileName().toString())
        .containsExactly(
            "events.out.tfevents.1795262400.kindling", "events.out.tfevents.1795262401.kindling");
    List<Read> starts = events().stream().filter(Read::begins).toList();
    assertThat(starts).extracting(Read::step).containsExactly(1L, 11L);
    assertThat(EventReader.scalars(events(), "loss/training")).hasSize(3);
  }

  @Test
  void anObjectStoreHasAFileForEachEvaluation() throws IOException {
    Configuration hadoop = FlakyFileSystem.configuration("");
    EventLog log = new EventLog(run("flaky://", hadoop), hadoop, 0, at(NOON));
    log.metrics(line(10, null));
    log.metrics(line(20, 2.25));
    log.evaluated();
    log.metrics(line(30, null));
    assertThat(EventReader.files(folder.resolve("run/tensorboard"))).hasSize(2);
    log.close();

    assertThat(EventReader.scalars(events(), "loss/training"))
        .containsExactly("10: 2.5", "20: 2.5", "30: 2.5");
    assertThat(events().stream().filter(event -> event.version() != null)).hasSize(2);
    assertThat(events().stream().filter(Read::begins)).hasSize(1);
  }

  @Test
  void aFullDiskEndsNothingAndTheNextEvaluationBeginsAnotherFile() throws IOException {
    Configuration hadoop = FlakyFileSystem.configuration("tfevents");
    EventLog log = new EventLog(run("flaky://", hadoop), hadoop, 0, at(NOON));
    log.metrics(line(10, null));
    hadoop.set("flaky.full", "");
    log.metrics(line(20, 2.25));
    log.evaluated();
    log.metrics(line(30, null));
    log.close();

    assertThat(EventReader.scalars(events(), "loss/training")).containsExactly("30: 2.5");
    assertThat(events().stream().filter(Read::begins)).hasSize(1);
  }

  /** What the disk took before it was full is a file that breaks off in a record. */
  @Test
  void aFileThatBreaksIsFollowedByAnother() throws IOException {
    Configuration hadoop = FlakyFileSystem.configuration("");
    hadoop.set("flaky.room", "500");
    EventLog log = new EventLog(run("flaky://", hadoop), hadoop, 0, at(NOON));
    log.metrics(line(10, null));
    hadoop.unset("flaky.room");
    log.evaluated();
    log.metrics(line(20, null));
    log.close();

    List<Path> files = EventReader.files(folder.resolve("run/tensorboard"));
    assertThat(files).hasSize(2);
    assertThat(Files.size(files.get(0))).isEqualTo(500);
    assertThat(
            EventReader.scalars(
                EventReader.events(Files.readAllBytes(files.get(1))), "loss/training"))
        .containsExactly("20: 2.5");
  }
}
