package org.kindling.spark.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.model.ModelSettings;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.spark.InputException;
import org.kindling.spark.command.train.RunText;
import org.kindling.spark.corpus.Corpus;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.corpus.WindowShard;
import org.kindling.spark.run.TrainedModel;
import org.kindling.spark.session.Sessions;
import org.kindling.spark.settings.DataSettings;
import org.kindling.spark.settings.TextFormat;
import org.kindling.spark.settings.TrainSettings;
import org.kindling.spark.training.Evaluation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code evaluate}: the exact loss over a whole validation split, by Spark tasks. */
@Command(
    name = "evaluate",
    description = {
      "Computes a model's exact loss over the whole validation split of its text, or of another.",
      "Of another text, data.validation-fraction=1 takes all."
    },
    sortOptions = false)
final class EvaluateCommand implements Callable<Integer> {
  /** The settings of training that an evaluation depends on, in memory and speed. */
  private static final List<String> OF_TRAIN =
      List.of("train.batch-size", "train.micro-batch", "train.kernels");

  @Mixin private ModelOption model;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      description = "Text to evaluate on. Default: the text that the model was trained on.")
  private String input;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "How the files hold documents: text, jsonl or parquet. Default: data.format of the run.")
  private String format;

  @Option(
      names = "--field",
      paramLabel = "NAME",
      description =
          "JSON field or Parquet column that holds the text. Default: data.field of the run.")
  private String field;

  @Parameters(paramLabel = "NAME=VALUE", description = "Settings, over those of the run.")
  private List<String> overrides = new ArrayList<>();

  @Override
  public Integer call() {
    List<String> settings = new ArrayList<>(overrides);
    RunText.given(input).ifPresent(settings::add);
    if (format != null) {
      settings.add("data.format=" + TextFormat.of(format).label());
      if (field == null && TextFormat.of(format) == TextFormat.TEXT) {
        // The run's field says nothing about plain text.
        settings.add("data.field=" + DataSettings.DEFAULT_FIELD);
      }
    }
    if (field != null) {
      settings.add("data.field=" + field);
    }
    TrainedModel trained = model.load(settings, Sessions.hadoop());
    overrides.forEach(EvaluateCommand::refuseWithoutMeaning);
    try (JavaSparkContext spark = Sessions.start("evaluate")) {
      evaluate(trained, spark);
    }
    return 0;
  }

  /** What would change nothing here is a mistake. */
  private static void refuseWithoutMeaning(String override) {
    String name = override.substring(0, override.indexOf('=')).strip();
    if (!name.startsWith("data.") && !OF_TRAIN.contains(name)) {
      throw new InputException(
          "%s: evaluate takes data.*, %s only".formatted(override, String.join(", ", OF_TRAIN)));
    }
  }

  private static void evaluate(TrainedModel trained, JavaSparkContext spark) {
    Configuration hadoop = spark.hadoopConfiguration();
    TextFiles files = RunText.find(trained.settings().data(), hadoop);
    double fraction = trained.settings().data().validationFraction();
    try (Corpus corpus = Corpus.count(spark, files, trained.tokenizer(), fraction)) {
      ModelSettings model = trained.weights().state().model();
      TrainSettings train = trained.settings().train();
      KernelChooser.announce(train.kernels());
      // The run's own division, so that sums are formed in the same order whatever the cluster.
      int shards = trained.weights().state().shards();
      JavaRDD<WindowShard> windows =
          corpus.validationShards(model.context(), shards, Sessions.slots(spark), 0);
      Evaluation.Result result =
          new Evaluation(spark, model, train.kernels(), train.microBatchFor(shards, model), windows)
              .run(trained.weights().values());
      // Over the same targets: a token may be several characters, or a part of one.
      double bits = result.lossSum() / Math.log(2) / corpus.targetCharacters(windows);
      System.out.printf(Locale.ROOT, "loss                 %.6f nats a token%n", result.loss());
      System.out.printf(Locale.ROOT, "perplexity           %.4f%n", result.perplexity());
      System.out.printf(Locale.ROOT, "bits per character   %.6f%n", bits);
      System.out.printf(
          Locale.ROOT,
          "targets              %d in windows of %d tokens; step %d of the model%n",
          result.targets(),
          model.context(),
          trained.weights().state().step());
    }
  }
}
