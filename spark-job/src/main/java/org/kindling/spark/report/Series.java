package org.kindling.spark.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.kindling.spark.run.Metrics;

/**
 * One line of a chart.
 *
 * @param name for the legend
 * @param look what it is drawn like
 * @param points in the order of steps, all values finite
 */
record Series(String name, Look look, List<Point> points) {

  /** Each is a class of the page's style sheet. */
  enum Look {
    FIRST,
    FIRST_FAINT,
    SECOND,
    /** With a dot at each point. */
    SECOND_DOTTED,
    THIRD,
    FOURTH,
    FIFTH
  }

  record Point(int step, double value) {}

  /** A value of every line that has it; a run that diverged has losses that are no numbers. */
  static Series of(String name, Look look, List<Metrics> metrics, Function<Metrics, Double> value) {
    return new Series(
        name,
        look,
        metrics.stream()
            .filter(line -> value.apply(line) != null && Double.isFinite(value.apply(line)))
            .map(line -> new Point(line.step(), value.apply(line)))
            .toList());
  }

  /**
   * The mean over {@code reach} points to either side. Near the beginning, where losses fall
   * steeply, it takes only as many from the right as there are to the left.
   */
  Series smooth(String name, Look look, int reach) {
    double[] sums = new double[points.size() + 1];
    for (int i = 0; i < points.size(); i++) {
      sums[i + 1] = sums[i] + points.get(i).value;
    }
    List<Point> means = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      int left = Math.min(reach, i);
      int right = Math.min(left, points.size() - 1 - i);
      double mean = (sums[i + right + 1] - sums[i - left]) / (left + right + 1);
      means.add(new Point(points.get(i).step, mean));
    }
    return new Series(name, look, means);
  }

  /** At most two points a column, its lowest and its highest, so that peaks stay. */
  Series thinned(int columns) {
    int size = (points.size() + columns - 1) / columns;
    if (size <= 2) {
      return this;
    }
    List<Point> kept = new ArrayList<>();
    Comparator<Point> byValue = Comparator.comparingDouble(Point::value);
    for (int from = 0; from < points.size(); from += size) {
      List<Point> column = points.subList(from, Math.min(from + size, points.size()));
      Point low = column.stream().min(byValue).orElseThrow();
      Point high = column.stream().max(byValue).orElseThrow();
      kept.add(low.step < high.step ? low : high);
      kept.add(low.step < high.step ? high : low);
    }
    return new Series(name, look, kept);
  }

  double median() {
    return quantile(0.5);
  }

  /** The value below which that share of the points lies; NaN without points. */
  double quantile(double share) {
    List<Double> sorted = points.stream().map(Point::value).sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get((int) (share * (sorted.size() - 1)));
  }

  double lowest() {
    return points.stream().mapToDouble(Point::value).min().orElse(Double.NaN);
  }

  double highest() {
    return points.stream().mapToDouble(Point::value).max().orElse(Double.NaN);
  }
}
