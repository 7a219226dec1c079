package org.kindling.spark.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.kindling.spark.report.Series.Look;
import org.kindling.spark.report.Series.Point;

/**
 * Values over steps as an SVG element for a page; colours come from the page's style sheet.
 *
 * @param id unique on the page
 * @param title what is shown, for screen readers
 * @param description what there is to see, for screen readers
 * @param width in units that are pixels where the page is as wide as its text
 * @param height likewise
 * @param fromZero whether the axis of values begins at 0; peaks beyond {@value #PEAK} times the
 *     ninth decile, like that of the first step's time, are then cut off
 * @param series drawn in this order
 */
record LineChart(
    String id,
    String title,
    String description,
    int width,
    int height,
    boolean fromZero,
    List<Series> series) {
  private static final double PEAK = 4;
  private static final int TOP = 10;
  private static final int LEGEND = 18;
  private static final int RIGHT = 14;
  private static final int BOTTOM = 36;
  private static final int LETTER = 7;

  String svg() {
    List<Series> lines = series.stream().filter(line -> !line.points().isEmpty()).toList();
    if (lines.isEmpty()) {
      return "<p class=\"none\">no values yet</p>\n";
    }
    Axis steps = Axis.upTo(lastStep(lines), width / 110);
    Axis values = values(lines);
    int left = 14 + LETTER * longestLabel(values);
    Frame frame =
        new Frame(
            left,
            lines.size() > 1 ? TOP + LEGEND : TOP,
            width - RIGHT,
            height - BOTTOM,
            steps,
            values);

    StringBuilder svg = new StringBuilder();
    svg.append(
        Markup.format(
            """
        <svg viewBox="0 0 %d %d" role="img" aria-labelledby="%s-title %s-desc">
        <title id="%s-title">%s</title>
        <desc id="%s-desc">%s</desc>
            """,
            width, height, id, id, id, Markup.escape(title), id, Markup.escape(description)));
    grid(svg, frame);
    lines.forEach(line -> curve(svg, frame, line));
    if (lines.size() > 1) {
      legend(svg, left, lines);
    }
    return svg.append("</svg>\n").toString();
  }

  /** The area between the axes, in the drawing's units. */
  private record Frame(int left, int top, int right, int bottom, Axis steps, Axis values) {
    double x(double step) {
      return left + (right - left) * steps.place(step);
    }

    double y(double value) {
      return bottom - (bottom - top) * values.place(value);
    }
  }

  private static int lastStep(List<Series> lines) {
    return lines.stream()
        .mapToInt(line -> line.points().get(line.points().size() - 1).step())
        .max()
        .orElseThrow();
  }

  private Axis values(List<Series> lines) {
    double low = lines.stream().mapToDouble(Series::lowest).min().orElseThrow();
    double high = lines.stream().mapToDouble(Series::highest).max().orElseThrow();
    if (fromZero) {
      double usual = lines.stream().mapToDouble(line -> line.quantile(0.9)).max().orElseThrow();
      low = Math.min(0, low);
      high = usual > 0 ? Math.min(high, PEAK * usual) : high;
    }
    return Axis.around(low, high, height / 50);
  }

  private static int longestLabel(Axis axis) {
    int longest = 0;
    for (double tick : axis.ticks()) {
      longest = Math.max(longest, axis.label(tick).length());
    }
    return longest;
  }

  private static void grid(StringBuilder svg, Frame f) {
    for (double tick : f.values.ticks()) {
      svg.append(
          Markup.format("<path class=\"grid\" d=\"M%d %sH%d\"/>", f.left, n(f.y(tick)), f.right));
      text(svg, "end", f.left - 8, f.y(tick) + 4, f.values.label(tick));
    }
    for (double tick : f.steps.ticks()) {
      svg.append(Markup.format("<path class=\"axis\" d=\"M%s %dv5\"/>", n(f.x(tick)), f.bottom));
      // The last label would reach beyond the drawing.
      boolean atEnd = f.x(tick) > f.right - 2 * LETTER;
      text(svg, atEnd ? "end" : "middle", f.x(tick), f.bottom + 18, f.steps.label(tick));
    }
    svg.append(
        Markup.format("<path class=\"axis\" d=\"M%d %dH%d\"/>\n", f.left, f.bottom, f.right));
    text(svg, "end", f.right, f.bottom + 33, "step");
    svg.append('\n');
  }

  private void curve(StringBuilder svg, Frame frame, Series line) {
    String look = cssClass(line.look());
    List<Point> points = line.thinned(width).points();
    String path =
        points.stream()
            .map(point -> n(frame.x(point.step())) + " " + n(frame.y(point.value())))
            .collect(Collectors.joining("L", "M", points.size() == 1 ? "h0" : ""));
    svg.append(Markup.format("<path class=\"line %s\" d=\"%s\"/>\n", look, path));
    if (line.look() == Look.SECOND_DOTTED) {
      for (Point point : points) {
        svg.append(
            Markup.format(
                "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"3\"><title>step %d: %s</title></circle>\n",
                look,
                n(frame.x(point.step())),
                n(frame.y(point.value())),
                point.step(),
                Markup.format("%.4f", point.value())));
      }
    }
  }

  private static void legend(StringBuilder svg, int left, List<Series> lines) {
    int x = left;
    for (Series line : lines) {
      String look = cssClass(line.look());
      svg.append(Markup.format("<path class=\"line %s\" d=\"M%d 10h20\"/>", look, x));
      if (line.look() == Look.SECOND_DOTTED) {
        svg.append(
            Markup.format("<circle class=\"%s\" cx=\"%d\" cy=\"10\" r=\"3\"/>", look, x + 10));
      }
      text(svg, "start", x + 27, 14, line.name());
      x += 50 + LETTER * line.name().length();
    }
    svg.append('\n');
  }

  private static String cssClass(Look look) {
    return look.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static void text(StringBuilder svg, String anchor, double x, double y, String text) {
    svg.append(
        Markup.format(
            "<text text-anchor=\"%s\" x=\"%s\" y=\"%s\">%s</text>",
            anchor, n(x), n(y), Markup.escape(text)));
  }

  /** A tenth of a unit is finer than any screen. */
  private static String n(double coordinate) {
    return Markup.format("%.1f", coordinate);
  }
}
