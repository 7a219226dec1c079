package org.kindling.spark.report;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kindling.spark.report.Series.Look;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.run.Sample;

/** Makes {@code report.html} of a run. */
public final class RunReport {
  private static final String NONE_YET = "<p class=\"none\">none yet</p>\n";

  private static final String TEMPLATE = "report.html";
  private static final int WIDE = 920;
  private static final int NARROW = 450;

  /** Of so many points at most one goes into a mean of the smoothed curve. */
  private static final int SMOOTHNESS = 50;

  /** Points to either side of one that go into its mean at least, so that short runs' are means. */
  private static final int LEAST_REACH = 2;

  private static final int MOST_SAMPLES = 24;

  private final List<Metrics> metrics;

  private RunReport(List<Metrics> metrics) {
    this.metrics = metrics;
  }

  /**
   * The page, complete at any time of a run: with no metrics yet it says so.
   *
   * @param title names the run, for example its directory
   * @param metrics in the order of steps
   * @param config text of the run's {@code config.conf}
   * @param samples shown in their order
   */
  public static String html(
      String title, List<Metrics> metrics, String config, List<Sample> samples) {
    RunReport report = new RunReport(metrics);
    int provenance = provenance(config);
    return Template.fill(
        TEMPLATE,
        "title",
        Markup.escape(title),
        "lossChart",
        report.lossChart(),
        "charts",
        report.charts(),
        "speed",
        summary(report.speed()),
        "speedChart",
        report.speedChart(),
        "phases",
        report.phases(),
        "numbers",
        report.numbers(),
        "evaluations",
        report.evaluations(),
        "samples",
        samples(samples),
        "config",
        Markup.escape(config.substring(0, provenance).stripTrailing()),
        "provenance",
        Markup.escape(config.substring(provenance).strip()));
  }

  /** Where the settings end and what they were used on begins. */
  private static int provenance(String config) {
    int start = config.indexOf("\nprovenance {");
    return start < 0 ? config.length() : start;
  }

  private Series of(String name, Look look, Function<Metrics, Double> value) {
    return Series.of(name, look, metrics, value);
  }

  private String lossChart() {
    Series training = of("training, each logged step", Look.FIRST_FAINT, Metrics::trainLoss);
    Series smooth =
        training.smooth(
            "training, moving mean",
            Look.FIRST,
            Math.max(LEAST_REACH, training.points().size() / SMOOTHNESS));
    Series validation = of("validation", Look.SECOND_DOTTED, Metrics::validationLoss);
    return new LineChart(
            "loss",
            "Training and validation loss by step",
            range("Training", training) + range("Validation", validation),
            WIDE,
            340,
            false,
            List.of(training, smooth, validation))
        .svg();
  }

  /** Empty for a curve without points. */
  private static String range(String name, Series series) {
    return series.points().isEmpty()
        ? ""
        : Markup.format(
            "%s loss from %s to %s nats per token. ",
            name, loss(series.highest()), loss(series.lowest()));
  }

  private String charts() {
    return figure("rate", "Learning rate", "", of("", Look.FIRST, Metrics::learningRate))
        + figure(
            "norm",
            "Gradient norm",
            "of the mean gradient, before clipping",
            of("", Look.FIRST, Metrics::gradientNorm));
  }

  private Series speed() {
    return of("", Look.FIRST, Metrics::tokensPerSecond);
  }

  private String speedChart() {
    return new LineChart(
            "tokens",
            "Tokens per second by step",
            summary(speed()),
            WIDE,
            220,
            true,
            List.of(speed()))
        .svg();
  }

  private String phases() {
    List<Series> phases =
        List.of(
            of("whole step", Look.FIRST, Metrics::stepMillis),
            of("computation, slowest task", Look.SECOND, Metrics::computeMillis),
            of("adding gradients", Look.THIRD, Metrics::reduceMillis),
            of("weights", Look.FOURTH, Metrics::weightsMillis),
            of("optimizer", Look.FIFTH, Metrics::optimizerMillis));
    String medians =
        metrics.isEmpty()
            ? ""
            : phases.stream()
                .map(phase -> phase.name() + " " + number(phase.median()))
                .collect(Collectors.joining("; ", "Medians in milliseconds: ", "."));
    return new LineChart("phases", "Time of a step by phase", medians, WIDE, 260, true, phases)
        .svg();
  }

  /** Empty for a curve without points. */
  private static String summary(Series series) {
    return series.points().isEmpty()
        ? ""
        : Markup.format("median %s, highest %s", number(series.median()), number(series.highest()));
  }

  private static String figure(String id, String title, String unit, Series series) {
    String summary = summary(series);
    String chart =
        new LineChart(id, title + " by step", summary, NARROW, 220, true, List.of(series)).svg();
    return Markup.format(
        """
        <figure>
        <figcaption><h3>%s</h3><p>%s%s%s</p></figcaption>
        %s</figure>
        """,
        title, unit, unit.isEmpty() || summary.isEmpty() ? "" : "; ", summary, chart);
  }

  private String numbers() {
    if (metrics.isEmpty()) {
      return NONE_YET;
    }
    Metrics last = metrics.get(metrics.size() - 1);
    StringBuilder rows = new StringBuilder();
    row(rows, "Steps", Markup.format("%,d", last.step()), "");
    row(rows, "Training loss", loss(last.trainLoss()), "nats per token, last logged step");
    evaluated().stream()
        .min(Comparator.comparingDouble(Metrics::validationLoss))
        .ifPresent(
            best -> {
              double loss = best.validationLoss();
              String at = Markup.format("at step %,d", best.step());
              row(rows, "Best validation loss", loss(loss), "nats per token, " + at);
              row(rows, "Perplexity", number(Math.exp(loss)), at);
              row(rows, "Bits per token", number(loss / Math.log(2)), at);
            });
    row(rows, "Learning rate", number(last.learningRate()), "last logged step");
    median(rows, "Gradient norm", "before clipping", Metrics::gradientNorm);
    median(rows, "Tokens per second", "", Metrics::tokensPerSecond);
    median(rows, "Time of a step", "milliseconds", Metrics::stepMillis);
    median(rows, "Publishing weights", "milliseconds a step", Metrics::weightsMillis);
    median(rows, "Computation", "milliseconds a step, slowest task", Metrics::computeMillis);
    median(rows, "Adding gradients", "milliseconds a step", Metrics::reduceMillis);
    median(rows, "Optimizer", "milliseconds a step", Metrics::optimizerMillis);
    row(rows, "Bytes sent", Markup.format("%,d", last.bytesSent()), "a step");
    return "<table>\n" + rows + "</table>\n";
  }

  private void median(
      StringBuilder rows, String name, String unit, Function<Metrics, Double> value) {
    String median = number(of("", Look.FIRST, value).median());
    row(rows, name, median, unit.isEmpty() ? "median" : unit + ", median");
  }

  private static void row(StringBuilder rows, String name, String value, String note) {
    rows.append(
        Markup.format(
            "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"note\">%s</td></tr>\n",
            name, value, note));
  }

  private List<Metrics> evaluated() {
    return metrics.stream().filter(line -> line.validationLoss() != null).toList();
  }

  private String evaluations() {
    if (evaluated().isEmpty()) {
      return NONE_YET;
    }
    return evaluated().stream()
        .map(
            line ->
                Markup.format(
                    "<tr><td>%,d</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
                    line.step(),
                    loss(line.trainLoss()),
                    loss(line.validationLoss()),
                    number(Math.exp(line.validationLoss()))))
        .collect(
            Collectors.joining(
                "",
                """
                <table class="columns">
                <tr><th scope="col">step</th><th scope="col">training loss</th>\
                <th scope="col">validation loss</th><th scope="col">perplexity</th></tr>
                """,
                "</table>\n"));
  }

  private static String samples(List<Sample> samples) {
    if (samples.isEmpty()) {
      return NONE_YET;
    }
    // HTML drops a line end right after <pre>, so the text's own first one stays.
    return evenly(samples)
        .map(
            sample ->
                Markup.format(
                    "<h3>After step %,d</h3>\n<pre class=\"sample\" dir=\"auto\">\n%s</pre>\n",
                    sample.step(), Markup.escape(sample.text())))
        .collect(Collectors.joining());
  }

  /** Of many samples some, the first and the last among them. */
  private static Stream<Sample> evenly(List<Sample> samples) {
    int count = Math.min(samples.size(), MOST_SAMPLES);
    return IntStream.range(0, count)
        .mapToObj(i -> samples.get(count == 1 ? 0 : i * (samples.size() - 1) / (count - 1)));
  }

  private static String loss(double nats) {
    return Markup.format("%.4f", nats);
  }

  /** Four digits that matter: {@code 19,480}, {@code 13.21}, {@code 0.0001}. */
  private static String number(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    int decimals = Math.max(0, 3 - (int) Math.floor(Math.log10(Math.abs(value))));
    String digits = Markup.format("%,." + Math.min(decimals, 12) + "f", value);
    return decimals == 0 ? digits : digits.replaceFirst("\\.?0+$", "");
  }
}
