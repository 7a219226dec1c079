package org.kindling.spark.command;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.Corpus;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.corpus.WindowShard;
import org.kindling.spark.run.Checkpoint;
import org.kindling.spark.run.MetricsLog;
import org.kindling.spark.run.Restored;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.run.TrainedModel;
import org.kindling.spark.run.TrainingState;
import org.kindling.spark.settings.Preset;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.SettingsReader;
import org.kindling.spark.settings.SettingsWriter;
import org.kindling.spark.training.MemoryNeeds;
import org.kindling.spark.training.Trainer;
import org.kindling.spark.training.TrainingListener;
import org.kindling.tokenizer.Tokenizer;

/** From settings to a finished run: text, tokenizer, shards, training, and at the end a sample. */
final class TrainingRun {
  private final Configuration hadoop;
  private final JavaSparkContext spark;
  private final PrintStream out;
  private final TensorBoardOption tensorBoard;
  private final List<TrainingListener> listeners;

  /**
   * @param out where to say how it goes
   * @param listeners hear of it, too
   */
  TrainingRun(
      JavaSparkContext spark,
      PrintStream out,
      TensorBoardOption tensorBoard,
      List<TrainingListener> listeners) {
    this.spark = spark;
    this.out = out;
    this.tensorBoard = tensorBoard;
    this.listeners = listeners;
    this.hadoop = spark.hadoopConfiguration();
  }

  /** Trains a new model. */
  static void start(
      String config,
      String output,
      boolean overwrite,
      TensorBoardOption tensorBoard,
      List<String> overrides) {
    Settings settings = SettingsReader.read(Optional.of(Preset.find(config)), overrides);
    if (output != null) {
      RunDirectory.refuseTaken(output, overwrite, Sessions.hadoop());
    }
    try (JavaSparkContext spark = Sessions.start("train")) {
      new TrainingRun(spark, System.out, tensorBoard, List.of())
          .fresh(settings, presetName(config), output, overwrite)
          .finish();
    }
  }

  /**
   * Continues a run.
   *
   * @param force whether settings and text may be others than those that it has learned with
   */
  static void resume(
      String directory, TensorBoardOption tensorBoard, List<String> overrides, boolean force) {
    RunDirectory run = RunDirectory.open(directory, Sessions.hadoop());
    Preset kept = new Preset(run + "/config.conf", run.config());
    Settings settings = SettingsReader.read(Optional.of(kept), overrides);
    ChangedSettings.check(SettingsReader.read(Optional.of(kept), List.of()), settings, force);
    try (JavaSparkContext spark = Sessions.start("train")) {
      new TrainingRun(spark, System.out, tensorBoard, List.of())
          .resumed(settings, run, force)
          .finish();
    }
  }

  private static String presetName(String config) {
    return Path.of(config).getFileName().toString().replaceFirst("\\.conf$", "");
  }

  /** Trains a new model. */
  Trained fresh(Settings given, String preset, String output, boolean overwrite) {
    TextFiles files = findText(given);
    Tokenizer tokenizer = TokenizerChoice.of(given.tokenizer(), files, spark);
    int slots = Sessions.slots(spark);
    Settings settings = given.withShards(given.train().shardsFor(slots));
    try (Corpus corpus =
        Corpus.count(spark, files, tokenizer, settings.data().validationFraction())) {
      ModelSettings model = settings.model().withVocabulary(tokenizer.vocabularySize());
      ParameterLayout layout = ParameterLayout.of(model);
      MemoryNeeds.of(settings.train(), model).check(spark, slots);
      // Before the directory: a text that is too short leaves none behind, and replaces no run.
      Division division = divide(settings, corpus, slots);
      RunDirectory run =
          RunDirectory.create(
              output == null ? RunDirectory.freshFolder(preset) : output,
              overwrite,
              config(settings, tokenizer, corpus, layout),
              tokenizer.toJson(),
              hadoop);
      Checkpoint begin = untrained(settings, model, tokenizer, corpus);
      try (MetricsLog metrics = run.startMetrics()) {
        return train(settings, run, corpus, division, begin, metrics, slots, tokenizer);
      }
    }
  }

  private static Checkpoint untrained(
      Settings settings, ModelSettings model, Tokenizer tokenizer, Corpus corpus) {
    ParameterLayout layout = ParameterLayout.of(model);
    TrainingState state =
        new TrainingState(
            0,
            settings.train().shards(),
            settings.train().seed(),
            Double.POSITIVE_INFINITY,
            0,
            0,
            tokenizer.fingerprint(),
            corpus.fingerprint(),
            model,
            Version.all());
    return new Checkpoint(
        InitialWeights.draw(layout, settings.train().seed()),
        new float[layout.size()],
        new float[layout.size()],
        state);
  }

  private Trained resumed(Settings settings, RunDirectory run, boolean force) {
    Tokenizer tokenizer = Tokenizer.fromJson(run.tokenizerJson());
    ModelSettings model = settings.model().withVocabulary(tokenizer.vocabularySize());
    Optional<Checkpoint> last = lastCheckpoint(run, tokenizer);
    int slots = Sessions.slots(spark);
    try (Corpus corpus =
        Corpus.count(spark, findText(settings), tokenizer, settings.data().validationFraction())) {
      if (last.isPresent() && !force) {
        requireSame("the text", corpus.fingerprint(), last.get().state().dataFingerprint());
      }
      Checkpoint begin =
          last.map(checkpoint -> checkpoint.with(settings.train(), model, corpus.fingerprint()))
              .orElseGet(() -> untrained(settings, model, tokenizer, corpus));
      MemoryNeeds.of(settings.train(), model).check(spark, slots);
      Division division = divide(settings, corpus, slots);
      run.writeConfig(config(settings, tokenizer, corpus, ParameterLayout.of(model)));
      try (MetricsLog metrics = run.resumeMetrics(begin.step())) {
        return train(settings, run, corpus, division, begin, metrics, slots, tokenizer);
      }
    }
  }

  /** Empty for a run that ended before its first checkpoint. */
  private Optional<Checkpoint> lastCheckpoint(RunDirectory run, Tokenizer tokenizer) {
    if (run.checkpoints().names().isEmpty()) {
      out.printf("%s has no checkpoint yet: starting from step 0%n", run);
      return Optional.empty();
    }
    Restored restored = run.checkpoints().newestWhole();
    restored.skipped().forEach(reason -> out.println("passed over: " + reason));
    TrainingState state = restored.checkpoint().state();
    out.printf("continuing %s from step %d%n", run, state.step());
    TrainedModel.requireSameSize(run, tokenizer, state.model());
    requireSame("tokenizer.json", tokenizer.fingerprint(), state.tokenizerFingerprint());
    return Optional.of(restored.checkpoint());
  }

  /** The text's shards on the executors. */
  private record Division(JavaRDD<Shard> training, Optional<JavaRDD<WindowShard>> validation) {}

  private static Division divide(Settings settings, Corpus corpus, int slots) {
    int context = settings.model().context();
    int shards = settings.train().shards();
    int limit = settings.train().evalWindows();
    return new Division(
        corpus.trainingShards(context, shards, slots),
        corpus.windows(context) == 0
            ? Optional.empty()
            : Optional.of(corpus.validationShards(context, shards, slots, limit)));
  }

  private static void requireSame(String what, String now, String then) {
    if (!now.equals(then)) {
      throw new InputException(
          "%s is not the one that the run was trained with: SHA-256 %s, not %s"
              .formatted(what, now, then));
    }
  }

  private TextFiles findText(Settings settings) {
    return RunText.find(settings.data(), hadoop);
  }

  private static String config(
      Settings settings, Tokenizer tokenizer, Corpus corpus, ParameterLayout layout) {
    StringBuilder provenance = new StringBuilder("\nprovenance {\n");
    Version.all()
        .forEach((name, version) -> provenance.append("  %s = \"%s\"%n".formatted(name, version)));
    return SettingsWriter.toHocon(settings)
        + provenance
        + "  parameters = %d%n".formatted(layout.size())
        + "  vocabulary = %d%n".formatted(tokenizer.vocabularySize())
        + "  tokens = %d%n".formatted(corpus.tokens())
        + "  data-sha256 = %s%n".formatted(corpus.fingerprint())
        + "  tokenizer-sha256 = %s%n".formatted(tokenizer.fingerprint())
        + "}\n";
  }

  private Trained train(
      Settings settings,
      RunDirectory run,
      Corpus corpus,
      Division division,
      Checkpoint begin,
      MetricsLog metrics,
      int slots,
      Tokenizer tokenizer) {
    try (StopSignal stop = new StopSignal()) {
      announce(settings, run, corpus, begin, slots);
      return train(settings, run, division, begin, metrics, tokenizer, stop);
    }
  }

  private void announce(
      Settings settings, RunDirectory run, Corpus corpus, Checkpoint begin, int slots) {
    out.print(run.config());
    out.printf(
        Locale.ROOT,
        "%nrun %s: %,d parameters, %,d training and %,d validation tokens, %d shards on %d slots%n",
        run,
        begin.weights().length,
        corpus.trainingTokens(),
        corpus.validationTokens(),
        settings.train().shards(),
        slots);
    KernelChooser.announce(settings.train().kernels());
  }

  private Trained train(
      Settings settings,
      RunDirectory run,
      Division division,
      Checkpoint begin,
      MetricsLog metrics,
      Tokenizer tokenizer,
      StopSignal stop) {
    ModelSettings model = begin.state().model();
    LiveReport report = new LiveReport(run, begin.step());
    try (LiveEvents events = tensorBoard.open(run, begin, hadoop, out);
        Progress progress = Progress.of(begin.step(), settings.train().steps(), out)) {
      SampleDrawing samples =
          new SampleDrawing(
              settings.train(), model, tokenizer, List.of(report::sampled, events::sampled));
      List<TrainingListener> all = new ArrayList<>(List.of(progress, samples, report, events));
      all.addAll(listeners);
      Trainer.Outcome outcome =
          new Trainer(
                  spark,
                  settings.train(),
                  model,
                  division.training(),
                  division.validation(),
                  run.checkpoints(),
                  metrics,
                  new Listeners(all))
              .run(begin, stop);
      return new Trained(run, settings, tokenizer, begin.weights().length, outcome);
    }
  }
}
