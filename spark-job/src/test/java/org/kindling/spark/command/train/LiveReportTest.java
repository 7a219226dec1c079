package org.kindling.spark.command.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.run.Sample;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.SettingsReader;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;

/** The report as training goes: what a training loop would say, without one. */
class LiveReportTest {
  private static final Tokenizer TOKENIZER =
      CharacterTokenizer.of("\nabcdefgh".codePoints().toArray());

  @TempDir Path folder;

  private static Settings settings(int sampleTokens) {
    return SettingsReader.read(
        Optional.empty(),
        List.of(
            "model.layers=1",
            "model.heads=1",
            "model.embedding=4",
            "model.context=8",
            "train.sample-tokens=" + sampleTokens));
  }

  private static ModelSettings model() {
    return settings(0).model().withVocabulary(TOKENIZER.vocabularySize());
  }

  private RunDirectory run() {
    return RunDirectory.create(
        folder.resolve("run").toString(), false, "", TOKENIZER.toJson(), new Configuration());
  }

  private static Metrics line(int step, Double validationLoss) {
    return new Metrics(step, 2, validationLoss, 1e-3, 1, 1, 1, 1, 1, 1, 1, 1);
  }

  private static void evaluate(LiveReport report, int step, int sampleTokens) {
    new SampleDrawing(settings(sampleTokens).train(), model(), TOKENIZER, List.of(report::sampled))
        .evaluatedWeights(step, InitialWeights.draw(ParameterLayout.of(model()), step));
    report.logged(line(step, 2.5));
  }

  @Test
  void isThereFromTheBeginWithNothingToShow() throws Exception {
    new LiveReport(run(), 0).begin();

    assertThat(Files.readString(folder.resolve("run/report.html")))
        .contains("no values yet", "none yet")
        .doesNotContain("NaN", "{{");
  }

  @Test
  void isWrittenAfterHalfAMinuteWithoutAnEvaluationAndAtTheEnd() throws Exception {
    Path page = folder.resolve("run/report.html");
    AtomicLong seconds = new AtomicLong();
    try (LiveReport report = new LiveReport(run(), 0, () -> seconds.get() * 1_000_000_000)) {
      report.begin();
      seconds.set(30);
      report.logged(line(1100, null));
      assertThat(page).content().doesNotContain("1,100");

      seconds.set(31);
      report.logged(line(1200, null));
      assertThat(page).content().contains("1,200");

      seconds.set(40);
      report.logged(line(1300, null));
      assertThat(page).content().doesNotContain("1,300");
    }
    assertThat(page).content().contains("1,300").doesNotContain("NaN");
  }

  @Test
  void isWrittenAtEachEvaluation() throws Exception {
    RunDirectory run = run();
    Path page = folder.resolve("run/report.html");
    LiveReport report = new LiveReport(run, 0);
    evaluate(report, 20, 12);
    assertThat(Files.readString(page)).contains("After step 20<").doesNotContain("After step 40<");

    evaluate(report, 40, 12);
    assertThat(Files.readString(page)).contains("After step 20<", "After step 40<");
    assertThat(run.readSamples()).extracting(Sample::step).containsExactly(20, 40);
    assertThat(run.readSamples()).extracting(sample -> sample.text().length()).containsOnly(12);
    assertThat(run.readSamples().get(0)).isNotEqualTo(run.readSamples().get(1));
  }

  /** Steps that will be trained again write their samples again. */
  @Test
  void aResumedRunContinuesWhereItWas() {
    RunDirectory run = run();
    run.writeSamples(List.of(new Sample(20, "a"), new Sample(40, "b"), new Sample(60, "c")));
    LiveReport report = new LiveReport(run, 40);
    evaluate(report, 50, 5);

    assertThat(run.readSamples()).extracting(Sample::step).containsExactly(20, 40, 50);
  }

  @Test
  void withoutTokensThereIsAPageWithoutSamples() throws Exception {
    RunDirectory run = run();
    LiveReport report = new LiveReport(run, 0);
    evaluate(report, 20, 0);

    assertThat(run.readSamples()).isEmpty();
    assertThat(Files.readString(folder.resolve("run/report.html"))).contains("2.5000");
  }
}
