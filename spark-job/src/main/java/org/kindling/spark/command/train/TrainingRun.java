package org.kindling.spark.command.train;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.Corpus;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.run.Checkpoint;
import org.kindling.spark.run.MetricsLog;
import org.kindling.spark.run.Restored;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.run.TrainedModel;
import org.kindling.spark.run.TrainingState;
import org.kindling.spark.session.Sessions;
import org.kindling.spark.session.Versions;
import org.kindling.spark.settings.ModelShape;
import org.kindling.spark.settings.Preset;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.SettingsReader;
import org.kindling.spark.settings.SettingsWriter;
import org.kindling.spark.settings.TrainSettings;
import org.kindling.spark.training.MemoryNeeds;
import org.kindling.spark.training.TrainingListener;
import org.kindling.tokenizer.Tokenizer;

/** From settings to a finished run: text, tokenizer, shards, directory, and then training. */
public final class TrainingRun {
  private final Configuration hadoop;
  private final JavaSparkContext spark;
  private final PrintStream out;
  private final EventSettings tensorBoard;
  private final List<TrainingListener> listeners;

  /**
   * @param out where to say how it goes
   * @param listeners hear of it, too
   */
  public TrainingRun(
      JavaSparkContext spark,
      PrintStream out,
      EventSettings tensorBoard,
      List<TrainingListener> listeners) {
    this.spark = spark;
    this.out = out;
    this.tensorBoard = tensorBoard;
    this.listeners = listeners;
    this.hadoop = spark.hadoopConfiguration();
  }

  /** Trains a new model. */
  public static void start(
      Preset preset,
      String output,
      boolean overwrite,
      EventSettings tensorBoard,
      List<String> overrides) {
    Settings settings = SettingsReader.read(Optional.of(preset), overrides);
    if (output != null) {
      RunDirectory.refuseTaken(output, overwrite, Sessions.hadoop());
    }
    try (JavaSparkContext spark = Sessions.start("train")) {
      new TrainingRun(spark, System.out, tensorBoard, List.of())
          .fresh(settings, nameOf(preset), output, overwrite)
          .finish();
    }
  }

  /**
   * Continues a run.
   *
   * @param force whether settings and text may be others than those that it has learned with
   */
  public static void resume(
      String directory, EventSettings tensorBoard, List<String> overrides, boolean force) {
    RunDirectory run = RunDirectory.open(directory, Sessions.hadoop());
    Preset kept = new Preset(run + "/config.conf", run.config());
    Settings before = SettingsReader.readKept(kept, List.of());
    Settings asked = SettingsReader.readKept(kept, overrides);
    // 0 is for the run to decide, and it has.
    Settings settings =
        asked.train().shards() == 0 ? asked.withShards(before.train().shards()) : asked;
    ChangedSettings.check(before, settings, force);
    try (JavaSparkContext spark = Sessions.start("train")) {
      new TrainingRun(spark, System.out, tensorBoard, List.of())
          .resumed(settings, run, force)
          .finish();
    }
  }

  private static String nameOf(Preset preset) {
    return Path.of(preset.origin()).getFileName().toString().replaceFirst("\\.conf$", "");
  }

  /** Trains a new model. */
  public Trained fresh(Settings given, String preset, String output, boolean overwrite) {
    TextFiles files = findText(given);
    Tokenizer tokenizer = TokenizerChoice.of(given.tokenizer(), files, spark);
    try (Corpus corpus = Corpus.count(spark, files, tokenizer, given.data().validationFraction())) {
      // Behind the first job, for which a cluster that gives executors as they are needed has
      // brought some.
      int slots = Sessions.slots(spark);
      ModelSettings model = given.model().withVocabulary(tokenizer.vocabularySize());
      TrainSettings train = given.train();
      Settings settings =
          placed(given)
              .withShards(train.shardsFor(slots))
              .withSkipZeros(train.skipZeros() && KernelChooser.skipsZeros(train.kernels(), model));
      MemoryNeeds.of(settings.train(), model).check(spark, slots);
      // Before the directory: a text that is too short leaves none behind, and replaces no run.
      RunShards shards = RunShards.of(corpus, settings, slots);
      RunDirectory run =
          RunDirectory.create(
              output == null ? RunDirectory.freshFolder(preset) : output,
              overwrite,
              config(settings, tokenizer, corpus, model),
              tokenizer.toJson(),
              hadoop);
      Checkpoint begin = untrained(settings, model, tokenizer, corpus);
      PreparedRun prepared = new PreparedRun(run, settings, tokenizer, corpus, shards, begin);
      try (MetricsLog metrics = run.startMetrics()) {
        return prepared.train(spark, metrics, out, tensorBoard, listeners);
      }
    }
  }

  private static Checkpoint untrained(
      Settings settings, ModelSettings model, Tokenizer tokenizer, Corpus corpus) {
    ParameterLayout layout = ParameterLayout.of(model);
    TrainingState state =
        TrainingState.untrained(
            settings.train().shards(),
            settings.train().seed(),
            tokenizer.fingerprint(),
            corpus.fingerprint(),
            model,
            Versions.all());
    return new Checkpoint(
        InitialWeights.draw(layout, settings.train().seed()),
        new float[layout.size()],
        new float[layout.size()],
        state);
  }

  private Trained resumed(Settings given, RunDirectory run, boolean force) {
    Settings settings = placed(given);
    Tokenizer tokenizer = Tokenizer.fromJson(run.tokenizerJson());
    ModelSettings model = settings.model().withVocabulary(tokenizer.vocabularySize());
    int slots = Sessions.slots(spark);
    if (settings.train().skipsZerosOf(model)) {
      KernelChooser.requireVectors();
    }
    MemoryNeeds.of(settings.train(), model).check(spark, slots); // before three vectors are read
    Optional<Checkpoint> last = lastCheckpoint(run, tokenizer, settings.model());
    try (Corpus corpus =
        Corpus.count(spark, findText(settings), tokenizer, settings.data().validationFraction())) {
      if (last.isPresent() && !force) {
        requireSame("the text", corpus.fingerprint(), last.get().state().dataFingerprint());
      }
      Checkpoint begin =
          last.map(
                  checkpoint ->
                      checkpoint.with(
                          settings.train(), model, corpus.fingerprint(), Versions.all()))
              .orElseGet(() -> untrained(settings, model, tokenizer, corpus));
      // More executors may have come while the text was counted.
      int now = Math.max(slots, Sessions.slotsNow(spark));
      RunShards shards = RunShards.of(corpus, settings, now);
      run.writeConfig(config(settings, tokenizer, corpus, model));
      last.ifPresent(run.checkpoints()::pointAsOf);
      PreparedRun prepared = new PreparedRun(run, settings, tokenizer, corpus, shards, begin);
      try (MetricsLog metrics = run.resumeMetrics(begin.step())) {
        return prepared.train(spark, metrics, out, tensorBoard, listeners);
      }
    }
  }

  /** Empty for a run that ended before its first checkpoint. */
  private Optional<Checkpoint> lastCheckpoint(
      RunDirectory run, Tokenizer tokenizer, ModelShape shape) {
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
    if (!shape.isOf(state.model())) {
      throw new InputException(
          "%s/config.conf is not the one that the run was trained with: %s, not %s"
              .formatted(run, shape, state.model()));
    }
    return Optional.of(restored.checkpoint());
  }

  private static void requireSame(String what, String now, String then) {
    if (!now.equals(then)) {
      throw new InputException(
          "%s is not the one that the run was trained with: SHA-256 %s, not %s"
              .formatted(what, now, then));
    }
  }

  /** With a text that a later command finds from any folder. */
  private Settings placed(Settings given) {
    return given.withInput(RunText.absolute(given.data().input(), hadoop));
  }

  private TextFiles findText(Settings settings) {
    return RunText.find(settings.data(), hadoop);
  }

  private static String config(
      Settings settings, Tokenizer tokenizer, Corpus corpus, ModelSettings model) {
    StringBuilder provenance = new StringBuilder("\nprovenance {\n");
    Versions.all()
        .forEach((name, version) -> provenance.append("  %s = \"%s\"%n".formatted(name, version)));
    return SettingsWriter.toHocon(settings)
        + provenance
        + "  parameters = %d%n".formatted(ParameterLayout.of(model).size())
        + "  vocabulary = %d%n".formatted(tokenizer.vocabularySize())
        + "  tokens = %d%n".formatted(corpus.tokens())
        + "  data-sha256 = %s%n".formatted(corpus.fingerprint())
        + "  tokenizer-sha256 = %s%n".formatted(tokenizer.fingerprint())
        + "}\n";
  }
}
