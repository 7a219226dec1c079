package org.kindling.spark.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.corpus.CharacterCounts;
import org.kindling.spark.corpus.Corpus;
import org.kindling.spark.corpus.Shard;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.run.Checkpoint;
import org.kindling.spark.run.MetricsLog;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.run.TrainingState;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.SettingsReader;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;

/**
 * A GPT of one block, with dropout, on four shards of a nursery rhyme: everything real, and quick.
 */
final class SmallRun implements AutoCloseable {
  static final String RHYME =
      """
      Jack and Jill went up the hill to fetch a pail of water;
      Jack fell down and broke his crown, and Jill came tumbling after.
      Up Jack got and home did trot as fast as he could caper;
      he went to bed to mend his head with vinegar and brown paper.
      """
          .repeat(10);

  private static final List<String> SETTINGS =
      List.of(
          "model.layers=1",
          "model.heads=2",
          "model.embedding=16",
          "model.context=8",
          "model.dropout=0.2",
          "train.batch-size=16",
          "train.shards=4",
          "train.steps=8",
          "train.learning-rate=0.01",
          "train.warmup-steps=2",
          "train.eval-every=1000",
          "train.checkpoint-every=1000",
          "train.log-every=1000");

  final JavaSparkContext spark;
  final Settings settings;
  final Corpus corpus;
  final ModelSettings model;
  final JavaRDD<Shard> shards;
  final RunDirectory run;
  private final int slots;

  private SmallRun(String master, Path folder, List<String> overrides) throws IOException {
    Path text = Files.writeString(folder.resolve("rhyme.txt"), RHYME);
    List<String> all = new ArrayList<>(SETTINGS);
    all.addAll(overrides);
    settings = SettingsReader.read(Optional.empty(), all);
    spark = spark(master);
    slots = spark.defaultParallelism();
    TextFiles files = TextFiles.find(text.toString(), spark.hadoopConfiguration());
    Tokenizer tokenizer = CharacterTokenizer.of(CharacterCounts.of(spark, files).codePoints());
    corpus = Corpus.count(spark, files, tokenizer, settings.data().validationFraction());
    model = settings.model().withVocabulary(tokenizer.vocabularySize());
    shards = corpus.trainingShards(model.context(), settings.train().shards(), slots);
    Path output = Files.createTempDirectory(folder, "run");
    run =
        RunDirectory.create(
            output.toString(), false, "", tokenizer.toJson(), spark.hadoopConfiguration());
  }

  /** Starts Spark and makes shards, for a run in a new folder below {@code folder}. */
  static SmallRun on(String master, Path folder, String... overrides) throws IOException {
    return new SmallRun(master, folder, List.of(overrides));
  }

  static JavaSparkContext spark(String master) {
    return new JavaSparkContext(
        new SparkConf().setMaster(master).setAppName("test").set("spark.ui.enabled", "false"));
  }

  /** Untrained weights. */
  Checkpoint begin() {
    ParameterLayout layout = ParameterLayout.of(model);
    TrainingState state =
        TrainingState.untrained(
            settings.train().shards(),
            settings.train().seed(),
            "tokenizer",
            "text",
            model,
            Map.of());
    return new Checkpoint(
        InitialWeights.draw(layout, settings.train().seed()),
        new float[layout.size()],
        new float[layout.size()],
        state);
  }

  /** Trains to the end, and returns the weights. */
  float[] train() {
    train(begin(), shards, new Heard());
    return run.checkpoints().load("latest").weights();
  }

  Trainer.Outcome train(Checkpoint from, JavaRDD<Shard> onShards, TrainingListener listener) {
    return train(from, onShards, listener, () -> false);
  }

  Trainer.Outcome train(
      Checkpoint from, JavaRDD<Shard> onShards, TrainingListener listener, BooleanSupplier stop) {
    try (MetricsLog metrics = run.startMetrics()) {
      return new Trainer(
              spark,
              settings.train(),
              model,
              onShards,
              Optional.of(
                  corpus.validationShards(model.context(), settings.train().shards(), slots, 0)),
              run.checkpoints(),
              metrics,
              listener)
          .run(from, stop);
    }
  }

  @Override
  public void close() {
    corpus.close();
    spark.close();
  }

  /** What a listener heard, in order. */
  static class Heard implements TrainingListener {
    final List<Double> losses = new ArrayList<>();
    final List<Integer> evaluated = new ArrayList<>();
    final List<Double> validationLosses = new ArrayList<>();

    @Override
    public void stepped(int step, double loss, double learningRate, double tokensPerSecond) {
      losses.add(loss);
    }

    @Override
    public void evaluated(int step, double validationLoss, boolean isBest) {
      evaluated.add(step);
      validationLosses.add(validationLoss);
    }
  }
}
