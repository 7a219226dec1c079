package org.kindling.spark.report;

import java.util.List;
import java.util.stream.Collectors;

/** Makes {@code ladder.html}: the lecture's models in a row, each with what it adds and gains. */
public final class LadderPage {
  private static final String TEMPLATE = "ladder.html";
  private static final int WIDTH = 920;
  private static final int ROW = 34;
  private static final int LEFT = 150;
  private static final int RIGHT = 60;

  private LadderPage() {}

  /**
   * The page, complete after each rung.
   *
   * @param text what the models were trained on
   */
  public static String html(String text, List<LadderRung> rungs) {
    return Template.fill(
        TEMPLATE,
        "text",
        Markup.escape(text),
        "chart",
        chart(rungs.stream().filter(rung -> Double.isFinite(rung.loss())).toList()),
        "rows",
        rungs.stream().map(LadderPage::row).collect(Collectors.joining()),
        "samples",
        rungs.stream()
            .filter(LadderRung::isTrained)
            .map(LadderPage::sample)
            .collect(Collectors.joining()));
  }

  /** A bar for each loss, from 0.8 times the lowest on, and a mark where the lecture was. */
  private static String chart(List<LadderRung> rungs) {
    if (rungs.isEmpty()) {
      return "<p class=\"none\">no rung trained</p>\n";
    }
    double lowest = rungs.stream().mapToDouble(LadderPage::lower).min().orElseThrow();
    double highest = rungs.stream().mapToDouble(LadderPage::higher).max().orElseThrow();
    Axis axis = Axis.around(lowest * 0.8, highest, 8);
    int height = ROW * rungs.size() + 40;
    StringBuilder svg = new StringBuilder();
    svg.append(
        Markup.format(
            """
            <svg viewBox="0 0 %d %d" role="img" aria-labelledby="ladder-title">
            <title id="ladder-title">Validation loss of each rung; the numbers are in the table</title>
            """,
            WIDTH, height));
    for (double tick : axis.ticks()) {
      svg.append(
          Markup.format(
              "<path class=\"grid\" d=\"M%.1f 4V%d\"/><text text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>%n",
              x(axis, tick), height - 26, x(axis, tick), height - 8, axis.label(tick)));
    }
    for (int i = 0; i < rungs.size(); i++) {
      LadderRung rung = rungs.get(i);
      double end = x(axis, rung.loss());
      int y = ROW * i + 10;
      svg.append(
          Markup.format(
              """
              <text text-anchor="end" x="%d" y="%d">%s</text>
              <rect class="bar" x="%d" y="%d" width="%.1f" height="18"/>
              <text class="value" x="%.1f" y="%d">%s</text>
              <path class="mark" d="M%.1f %dv26"><title>the lecture: %s</title></path>
              """,
              LEFT - 8,
              y + 14,
              Markup.escape(rung.name()),
              LEFT,
              y,
              Math.max(0, end - LEFT),
              Math.max(end, x(axis, rung.lecture())) + 8,
              y + 14,
              rung.lossText(),
              x(axis, rung.lecture()),
              y - 4,
              rung.lectureText()));
    }
    return svg.append("</svg>\n").toString();
  }

  private static double lower(LadderRung rung) {
    return Math.min(rung.loss(), rung.lecture());
  }

  private static double higher(LadderRung rung) {
    return Math.max(rung.loss(), rung.lecture());
  }

  private static double x(Axis axis, double loss) {
    return LEFT + (WIDTH - LEFT - RIGHT) * axis.place(loss);
  }

  private static String row(LadderRung rung) {
    String name = Markup.escape(rung.name());
    String link =
        rung.report().isEmpty()
            ? name
            : Markup.format("<a href=\"%s\">%s</a>", Markup.escape(rung.report()), name);
    return Markup.format(
        """
        <tr><th scope="row">%s<span class="note">%s</span></th><td>%s</td><td>%s</td><td>%s</td>\
        <td>%s</td><td>%s</td></tr>
        """,
        link,
        Markup.escape(
            rung.adds() + (rung.isTrained() ? "" : " (left out, " + rung.leftOut() + ")")),
        rung.parametersText(),
        rung.isTrained() ? Markup.format("%,d", rung.steps()) : "-",
        rung.lossText(),
        rung.lectureText(),
        rung.isTrained()
            ? rung.time()
            : rung.estimate().isEmpty() ? "-" : "about " + rung.estimate());
  }

  private static String sample(LadderRung rung) {
    return Markup.format(
        "<h3>%s</h3>\n<pre dir=\"auto\">\n%s</pre>\n",
        Markup.escape(rung.name()), Markup.escape(rung.sample()));
  }
}
