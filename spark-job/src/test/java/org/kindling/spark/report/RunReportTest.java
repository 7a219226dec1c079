package org.kindling.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.run.Sample;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The page is well-formed XML, so an XML parser reads what a browser would show. */
class RunReportTest {

  @Test
  void showsNumbersEvaluationsSettingsAndSamples() throws Exception {
    Document page = page(run(2000), "train.steps = 2000", new Sample(2000, "ROMEO:\nAy me!"));

    assertThat(text(page, "h1")).containsExactly("runs/a");
    assertThat(text(page, "tr"))
        .contains(
            "Steps2,000",
            "Training loss1.4870nats per token, last logged step",
            "Best validation loss1.8000nats per token, at step 1,500",
            "Perplexity6.05at step 1,500",
            "Bits per token2.597at step 1,500",
            "Learning rate0.0001last logged step",
            "Gradient norm0.5before clipping, median",
            "Tokens per second61,250median",
            "Time of a step13.5milliseconds, median",
            "Publishing weights0.25milliseconds a step, median",
            "Computation12milliseconds a step, slowest task, median",
            "Adding gradients0.75milliseconds a step, median",
            "Optimizer0.5milliseconds a step, median",
            "Bytes sent123,456a step",
            "1,5001.53831.80006.05",
            "2,0001.48701.90006.686");
    assertThat(text(page, "pre")).containsExactly("\nROMEO:\nAy me!", "\ntrain.steps = 2000", "\n");
  }

  @Test
  void whatARunWasMadeOfStandsApartFromItsSettings() throws Exception {
    Document page = page(run(10), "train {\n  steps = 9\n}\n\nprovenance {\n  java = 17\n}\n");

    assertThat(text(page, "pre"))
        .containsExactly("\ntrain {\n  steps = 9\n}", "\nprovenance {\n  java = 17\n}");
  }

  @Test
  void ofManySamplesSomeAreShownTheFirstAndTheLastAmongThem() throws Exception {
    Sample[] samples =
        IntStream.rangeClosed(1, 1000).mapToObj(i -> new Sample(i, "x")).toArray(Sample[]::new);

    List<String> headings =
        text(page(run(10), "", samples), "h3").stream()
            .filter(heading -> heading.startsWith("After step"))
            .toList();

    assertThat(headings).hasSize(24).startsWith("After step 1").endsWith("After step 1,000");
  }

  @Test
  void drawsFiveChartsThatScreenReadersCanName() throws Exception {
    Document page = page(run(2000), "");

    NodeList charts = page.getElementsByTagName("svg");
    assertThat(charts.getLength()).isEqualTo(5);
    for (int i = 0; i < charts.getLength(); i++) {
      Element chart = (Element) charts.item(i);
      for (String id : chart.getAttribute("aria-labelledby").split(" ")) {
        assertThat(page.getDocumentElement().getTextContent()).isNotBlank();
        assertThat(withId(chart, id)).as(id).isNotBlank();
      }
    }
    assertThat(text(page, "title"))
        .contains("step 500: 2.0000", "step 1500: 1.8000", "Gradient norm by step");
  }

  @Test
  void showsForeignTextAsItIs() throws Exception {
    String nasty = "\n<script>alert(1)</script> & \"q\" 'a' {{config}} $1 \\ \u0000\r\uFFFE é 😀";

    String html = RunReport.html("<b>", run(10), nasty, List.of(new Sample(1, nasty)));

    String shown =
        "\n" + nasty.replace('\u0000', '␀').replace('\r', '␍').replace('\uFFFE', '\uFFFD');
    assertThat(html).doesNotContain("<script", "<b>");
    assertThat(text(parse(html), "pre")).containsExactly(shown, shown, "\n");
    assertThat(text(parse(html), "h1")).containsExactly("<b>");
  }

  @Test
  void needsNoNetwork() {
    assertThat(RunReport.html("a", run(2000), "", List.of()))
        .contains("default-src 'none'")
        .doesNotContain("src=", "href=", "url(", "@import", "<script");
  }

  @Test
  void isAPageWithoutMetricsAndWithOneLineOfThem() throws Exception {
    assertThat(text(page(List.of(), ""), "p")).contains("no values yet", "none yet");

    Document one = page(run(2000).subList(0, 1), "");

    assertThat(one.getElementsByTagName("svg").getLength()).isEqualTo(5);
    assertThat(attributes(one, "path", "d")).allSatisfy(RunReportTest::isFinite);
  }

  @Test
  void bearsARunThatDiverged() throws Exception {
    List<Metrics> metrics = new ArrayList<>(run(500));
    metrics.add(line(510, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY));

    Document page = page(metrics, "");

    assertThat(text(page, "tr"))
        .contains("Training lossNaNnats per token, last logged step")
        .anyMatch(row -> row.startsWith("Best validation loss2.0000"));
    assertThat(attributes(page, "path", "d")).allSatisfy(RunReportTest::isFinite);
  }

  @Test
  void staysSmallForALongRun() {
    assertThat(RunReport.html("a", run(1_000_000), "", List.of()).length()).isLessThan(400_000);
  }

  @Test
  void isTheSameInAnyLocale() {
    Locale before = Locale.getDefault();
    String english = RunReport.html("a", run(2000), "", List.of());
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(RunReport.html("a", run(2000), "", List.of())).isEqualTo(english);
    } finally {
      Locale.setDefault(before);
    }
  }

  /** A logged line each ten steps, losses that fall, an evaluation each 500 steps. */
  private static List<Metrics> run(int steps) {
    List<Metrics> metrics = new ArrayList<>();
    for (int step = 10; step <= steps; step += 10) {
      double validation = step == 1500 ? 1.8 : step == 2000 ? 1.9 : 2.0;
      metrics.add(
          line(
              step,
              1.333 + 308.0 / step,
              step % 500 == 0 && step <= 2000 ? validation : null,
              0.5));
    }
    return metrics;
  }

  private static Metrics line(int step, double loss, Double validation, double norm) {
    return new Metrics(
        step, loss, validation, 1e-4, norm, 61_250, 13.5, 0.25, 12, 0.75, 0.5, 123_456);
  }

  private static Document page(List<Metrics> metrics, String config, Sample... samples)
      throws Exception {
    return parse(RunReport.html("runs/a", metrics, config, List.of(samples)));
  }

  private static Document parse(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static List<String> text(Document page, String element) {
    NodeList nodes = page.getElementsByTagName(element);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  private static List<String> attributes(Document page, String element, String attribute) {
    NodeList nodes = page.getElementsByTagName(element);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      values.add(((Element) nodes.item(i)).getAttribute(attribute));
    }
    return values;
  }

  private static String withId(Element chart, String id) {
    for (String element : List.of("title", "desc")) {
      NodeList nodes = chart.getElementsByTagName(element);
      for (int i = 0; i < nodes.getLength(); i++) {
        if (((Element) nodes.item(i)).getAttribute("id").equals(id)) {
          return nodes.item(i).getTextContent();
        }
      }
    }
    return "";
  }

  private static void isFinite(String path) {
    assertThat(path).isNotEmpty().doesNotContain("NaN", "Infinity");
  }
}
