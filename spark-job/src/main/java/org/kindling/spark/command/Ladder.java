package org.kindling.spark.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.InputException;
import org.kindling.spark.command.train.EventSettings;
import org.kindling.spark.command.train.Trained;
import org.kindling.spark.command.train.TrainingRun;
import org.kindling.spark.report.LadderPage;
import org.kindling.spark.report.LadderRung;
import org.kindling.spark.settings.Preset;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.SettingsReader;

/** Trains rung after rung, and writes the table as it grows. */
final class Ladder {
  private static final String LINE = "%-16s %11s %6s %16s %8s %8s  %s%n";

  private final JavaSparkContext spark;
  private final LadderFolder folder;
  private final boolean overwrite;
  private final EventSettings tensorBoard;
  private final List<String> overrides;
  private final String text;
  private final List<LadderRung> rungs = new ArrayList<>();
  private boolean signalled;

  /**
   * @param overwrite whether the folder may hold a ladder already
   * @param overrides settings of all rungs
   */
  Ladder(
      JavaSparkContext spark,
      LadderFolder folder,
      boolean overwrite,
      EventSettings tensorBoard,
      List<String> overrides) {
    this.spark = spark;
    this.folder = folder;
    this.overwrite = overwrite;
    this.tensorBoard = tensorBoard;
    this.overrides = overrides;
    String input = settings(LectureRung.ALL.get(0), overrides).data().input();
    this.text = input.isBlank() ? "three plays of Shakespeare's" : input;
  }

  /** Refuses settings that a rung cannot have, before anything is trained. */
  static void check(List<String> overrides) {
    for (LectureRung rung : LectureRung.ALL) {
      settings(rung, overrides);
    }
  }

  private static Settings settings(LectureRung rung, List<String> overrides) {
    return SettingsReader.read(Optional.of(Preset.builtIn(rung.config())), overrides);
  }

  /** All rungs that fit into the time. */
  void climb(double minutes) {
    // Of any number of minutes, as many as the clock can count.
    long end = System.nanoTime() + Math.min((long) (minutes * 60e9), Long.MAX_VALUE / 2);
    System.out.printf(
        LINE, "rung", "parameters", "steps", "validation loss", "lecture", "time", "sample");
    for (LectureRung rung : LectureRung.ALL) {
      climb(rung, end)
          .ifPresent(
              row -> {
                rungs.add(row);
                print(row);
                write();
              });
      if (signalled) {
        System.out.printf("%nstopped at %s%n", rung.preset());
        break;
      }
    }
    rungs.stream().filter(row -> !row.isTrained()).map(Ladder::whyNot).forEach(System.out::println);
    if (!rungs.isEmpty()) {
      System.out.printf("%nladder %s%n", folder);
    }
  }

  /** Empty if a signal ended the rung before its time. */
  private Optional<LadderRung> climb(LectureRung rung, long end) {
    if (System.nanoTime() > end) {
      return Optional.of(leftOut(rung, 0, Double.NaN, LadderRung.NO_TIME));
    }
    Settings settings = settings(rung, overrides);
    LadderTrial.Estimate estimate;
    try {
      estimate = LadderTrial.of(spark, Preset.builtIn(rung.config()), overrides, settings);
    } catch (InputException e) {
      if (rungs.isEmpty()) {
        throw e;
      }
      // A text or a memory may be enough for the smaller ones.
      return Optional.of(leftOut(rung, 0, Double.NaN, e.getMessage()));
    }
    signalled = estimate.signalled();
    if (signalled) {
      return Optional.empty();
    }
    if (System.nanoTime() + estimate.seconds() * 1e9 > end) {
      return Optional.of(
          leftOut(rung, estimate.parameters(), estimate.seconds(), LadderRung.NO_TIME));
    }
    long began = System.nanoTime();
    Trained trained =
        new TrainingRun(spark, LadderTrial.silence(), tensorBoard, List.of())
            .fresh(settings, rung.preset(), folder.run(rung), overwrite);
    signalled = trained.signalled();
    if (trained.outcome().stopped()) {
      return Optional.empty();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    return Optional.of(
        new LadderRung(
            rung.preset(),
            rung.adds(),
            rung.loss(),
            trained.parameters(),
            trained.outcome().steps(),
            trained.outcome().bestLoss(),
            seconds,
            trained.finishQuietly(),
            rung.preset() + "/report.html",
            ""));
  }

  private static LadderRung leftOut(
      LectureRung rung, int parameters, double seconds, String reason) {
    return new LadderRung(
        rung.preset(),
        rung.adds(),
        rung.loss(),
        parameters,
        0,
        Double.NaN,
        seconds,
        "",
        "",
        reason);
  }

  private static String whyNot(LadderRung row) {
    if (!row.leftOut().equals(LadderRung.NO_TIME)) {
      return "left out: %s, %s".formatted(row.name(), row.leftOut());
    }
    String takes = row.estimate().isEmpty() ? "" : ", which takes about " + row.estimate();
    return "left out for time (--minutes): %s%s".formatted(row.name(), takes);
  }

  private static void print(LadderRung row) {
    System.out.printf(
        LINE,
        row.name(),
        row.parametersText(),
        row.isTrained() ? String.format(Locale.ROOT, "%,d", row.steps()) : "-",
        row.lossText(),
        row.lectureText(),
        row.isTrained() ? row.time() : "-",
        row.line());
  }

  private void write() {
    folder.writePage(LadderPage.html(text, rungs));
  }
}
