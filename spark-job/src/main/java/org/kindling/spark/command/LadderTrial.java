package org.kindling.spark.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.InputException;
import org.kindling.spark.command.train.EventSettings;
import org.kindling.spark.command.train.Trained;
import org.kindling.spark.command.train.TrainingRun;
import org.kindling.spark.settings.Preset;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.SettingsReader;
import org.kindling.spark.training.TrainingListener;

/**
 * A few steps of a run and one evaluation, measured: how long will the whole take? In a folder of
 * its own, which is removed.
 */
final class LadderTrial implements TrainingListener {
  private static final long LARGE = 16_384;

  private final long began = System.nanoTime();
  private final List<Long> stepped = new ArrayList<>();
  private long evaluated;

  private LadderTrial() {}

  /**
   * What a trial found.
   *
   * @param seconds for reading the text, all steps and evaluations
   * @param parameters P
   * @param signalled whether a signal came, after which the seconds may mean nothing
   */
  record Estimate(double seconds, int parameters, boolean signalled) {}

  static Estimate of(
      JavaSparkContext spark, Preset preset, List<String> overrides, Settings settings) {
    // Steps of few tokens take milliseconds, but the first hundred take longer until the JVM is
    // warm.
    long tokens = (long) settings.train().batchSize() * settings.model().context();
    int steps = Math.min(settings.train().steps(), tokens < LARGE ? 150 : 4);
    List<String> few = new ArrayList<>(overrides);
    few.add("train.steps=" + steps);
    few.add("train.eval-every=" + steps);
    few.add("train.checkpoint-every=" + steps);
    few.add("train.sample-tokens=0");
    LadderTrial trial = new LadderTrial();
    Path folder = null;
    try {
      folder = Files.createTempDirectory("kindling-trial");
      Trained trained =
          new TrainingRun(spark, silence(), EventSettings.NONE, List.of(trial))
              .fresh(
                  SettingsReader.read(Optional.of(preset), few),
                  "trial",
                  "file://" + folder.resolve("run"),
                  false);
      return new Estimate(
          trained.outcome().stopped() ? Double.NaN : trial.seconds(settings),
          trained.parameters(),
          trained.signalled());
    } catch (IOException e) {
      throw new InputException("cannot make a folder for a trial: " + e.getMessage(), e);
    } finally {
      delete(folder);
    }
  }

  /** Nowhere to print to. */
  static PrintStream silence() {
    return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
  }

  private double seconds(Settings settings) {
    int steps = settings.train().steps();
    double reading = (stepped.get(0) - began) / 1e9;
    int later = stepped.size() / 2;
    int last = stepped.size() - 1;
    double step =
        last == later ? 0 : (stepped.get(last) - stepped.get(later)) / 1e9 / (last - later);
    double evaluation = evaluated == 0 ? 0 : (evaluated - stepped.get(last)) / 1e9;
    long evaluations = (steps + settings.train().evalEvery() - 1L) / settings.train().evalEvery();
    return reading + step * steps + evaluation * evaluations;
  }

  @Override
  public void stepped(int step, double loss, double learningRate, double tokensPerSecond) {
    stepped.add(System.nanoTime());
  }

  @Override
  public void evaluated(int step, double validationLoss, boolean isBest) {
    evaluated = System.nanoTime();
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      folder.toFile().deleteOnExit(); // the system clears its temporary folder
    }
  }
}
