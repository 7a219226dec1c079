package org.kindling.spark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.report.AttentionPage.Guess;
import org.kindling.spark.report.AttentionPage.Next;
import org.kindling.spark.run.Metrics;
import org.kindling.spark.run.Sample;

/** The pages as a browser has them. Skipped where there is no Chromium. */
@Timeout(120)
class PagesInBrowserTest {
  private static final List<String> TOKENS = List.of("R", "O", " ", "I", "</b>");

  @TempDir static Path folder;

  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = Chromium.program();
    assumeTrue(program.isPresent(), "no Chromium on the path; Debian has it as chromium");
    browser = Browser.start(program.get(), Files.createDirectory(folder.resolve("chromium")));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  /** Two layers of two heads; a query looks at itself with 0.6 and evenly before, in head 1.1. */
  private static void openAttention() throws IOException {
    openAttention(TOKENS);
  }

  private static void openAttention(List<String> tokens) throws IOException {
    int t = tokens.size();
    float[][] first = new float[t][t];
    float[][] other = new float[t][t];
    for (int row = 0; row < t; row++) {
      first[row][0] = 1;
      for (int column = 0; column < row; column++) {
        other[row][column] = 0.4f / row;
      }
      other[row][row] = row == 0 ? 1 : 0.6f;
    }
    float[][][] layer = {first, first};
    String page =
        AttentionPage.html(
            "runs/a",
            tokens,
            List.<float[][][]>of(layer, new float[][][] {first, other}),
            IntStream.range(0, t)
                .mapToObj(i -> new Next(List.of(new Guess("O", 0.5)), i < t - 1 ? 0.1 : Double.NaN))
                .toList());
    open(page);
  }

  private static void open(String page) throws IOException {
    browser.show("light", 1000);
    browser.open(Files.writeString(folder.resolve("page.html"), page));
  }

  private static String text(String id) {
    return browser.evaluate("document.getElementById('" + id + "').textContent").asText();
  }

  /** In the middle of a cell of the map. */
  private static void mouse(int row, int column, boolean click) {
    browser.evaluate("document.getElementById('map').scrollIntoView({block: 'center'})");
    double left = map("left");
    double side = map("width");
    double top = map("top");
    browser.mouse(
        left + (column + 0.5) * side / TOKENS.size(),
        top + (row + 0.5) * side / TOKENS.size(),
        click);
  }

  private static double map(String property) {
    return browser
        .evaluate("document.getElementById('map').getBoundingClientRect()." + property)
        .asDouble();
  }

  private static void assertQuiet() {
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests()).containsExactly(folder.resolve("page.html").toUri().toString());
  }

  @Test
  void hoveringShowsACellAndLeavingTheChosenOne() throws Exception {
    openAttention();
    String last = "'</b>' (4) looks at '</b>' (4): 0.000";
    assertThat(text("readout")).isEqualTo(last);

    mouse(3, 0, false);
    assertThat(text("readout")).isEqualTo("'I' (3) looks at 'R' (0): 1.000");
    assertThat(text("tip")).isEqualTo("I \u2192 R  1.000");
    assertThat(text("looks-title")).as("what is chosen stays").startsWith("What '</b>' (4)");

    mouse(1, 2, false);
    assertThat(text("readout"))
        .isEqualTo("' ' (2) comes after 'O' (1) and cannot be seen from there.");
    assertThat(text("tip")).isEqualTo("O \u2192 \u2423  not seen");

    browser.mouse(2, 2, false);
    assertThat(text("readout")).isEqualTo(last);
    assertThat(browser.evaluate("document.getElementById('tip').hidden").asBoolean()).isTrue();

    mouse(3, 1, true);
    assertThat(text("looks-title")).isEqualTo("What 'I' (3) looks at in layer 0, head 0");
    assertQuiet();
  }

  @Test
  void everythingIsReachedByKeyboard() throws Exception {
    openAttention();
    browser.evaluate("document.getElementById('map').focus()");
    for (String key : List.of("PageDown", "PageDown", "PageDown", "PageDown", "ArrowUp", "End")) {
      browser.key(key);
    }
    assertThat(text("map-title")).as("the last head").isEqualTo("Map of layer 1, head 1");
    assertThat(text("readout")).isEqualTo("'I' (3) looks at 'I' (3): 0.600");

    browser.key("ArrowLeft");
    assertThat(text("readout")).isEqualTo("'I' (3) looks at ' ' (2): 0.133");
    browser.key("Home");
    browser.key("ArrowLeft");
    assertThat(text("readout")).isEqualTo("'I' (3) looks at 'R' (0): 0.133");
    browser.key("PageUp");
    assertThat(text("map-title")).isEqualTo("Map of layer 1, head 0");
    assertThat(text("readout")).isEqualTo("'I' (3) looks at 'R' (0): 1.000");

    assertThat(
            browser
                .evaluate(
                    "[...document.querySelectorAll('#tokens button, #heads button')]"
                        + ".filter((button) => button.tabIndex === 0 && button.ariaLabel).length")
                .asInt())
        .as("buttons with a name that Tab reaches")
        .isEqualTo(TOKENS.size() + 4);
    browser.evaluate("document.querySelector('#tokens button:nth-child(2)').click()");
    assertThat(text("looks-title")).startsWith("What 'O' (1) looks at");
    assertQuiet();
  }

  @Test
  void axesSayWhichIsWhichAndLabelsLieAtTheirCells() throws Exception {
    openAttention();

    assertThat(browser.evaluate("document.querySelector('.axis-name.keys').innerText").asText())
        .isEqualTo("key: the token that is looked at");
    assertThat(browser.evaluate("document.querySelector('.axis-name.queries').innerText").asText())
        .isEqualTo("query: the token that looks");
    assertThat(text("keys")).isEqualTo("RO\u2423I</b>").isEqualTo(text("queries"));
    assertLabelsLieAtTheirCells(TOKENS.size());

    openAttention(Collections.nCopies(128, "x"));
    assertThat(text("queries")).as("no room for tokens").startsWith("0102030");
    assertLabelsLieAtTheirCells(128);
  }

  private static void assertLabelsLieAtTheirCells(int tokens) {
    String middle =
        "(box => %s)(document.querySelector('#%s span:nth-child(%d)').getBoundingClientRect())";
    double cell = map("width") / tokens;
    for (int t = 0; t < tokens; t += 4) {
      double down = (t + 0.5) * cell + map("top");
      double right = (t + 0.5) * cell + map("left");
      String vertical = middle.formatted("box.top + box.height / 2", "queries", t + 1);
      String horizontal = middle.formatted("box.left + box.width / 2", "keys", t + 1);
      assertThat(browser.evaluate(vertical).asDouble()).isCloseTo(down, within(1.0));
      assertThat(browser.evaluate(horizontal).asDouble()).isCloseTo(right, within(1.0));
    }
  }

  @Test
  void coloursFollowTheSystemAndNarrowScreensNeedNoScrollingSideways() throws Exception {
    openAttention();
    for (String page : List.of(Files.readString(folder.resolve("page.html")), report())) {
      open(page);
      List<String> backgrounds = new ArrayList<>();
      for (String scheme : List.of("light", "dark")) {
        browser.show(scheme, 360);
        backgrounds.add(
            browser.evaluate("getComputedStyle(document.body).backgroundColor").asText());
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
            .isLessThanOrEqualTo(360);
      }
      assertThat(backgrounds).containsExactly("rgb(255, 255, 255)", "rgb(20, 23, 29)");
      assertQuiet();
    }
  }

  private static String report() {
    List<Metrics> metrics =
        IntStream.rangeClosed(1, 40)
            .mapToObj(
                i ->
                    new Metrics(
                        i, 4.0 / i, i % 10 == 0 ? 4.1 / i : null, 1e-3, 1, 4e4, 9, 1, 6, 1, 1, 1))
            .toList();
    return RunReport.html(
        "hdfs://cluster/a/very/long/path/to/a/run/that/somebody/has/once/begun",
        metrics,
        "model {\n  layers = 4\n}\n\nprovenance {\n  data-sha256 = " + "a".repeat(64) + "\n}\n",
        List.of(new Sample(20, "To be, or not <to> be")));
  }
}
