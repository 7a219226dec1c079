package org.kindling.spark.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kindling.spark.report.Series.Look;
import org.kindling.spark.report.Series.Point;

class SeriesTest {

  @Test
  void smoothingLagsNeitherAtTheSteepBeginningNorFollowsTheLastPoint() {
    Series means = series(6, 0, 3, 0, 9).smooth("mean", Look.FIRST, 2);

    assertThat(values(means)).containsExactly(6.0, 3.0, 3.6, 3.0, 4.0);
  }

  @Test
  void thinningKeepsPeaks() {
    double[] many = IntStream.range(0, 10_000).mapToDouble(i -> i == 4321 ? 99 : i % 7).toArray();

    Series thin = series(many).thinned(100);

    assertThat(thin.points()).hasSizeLessThanOrEqualTo(200).contains(new Point(4321, 99));
    assertThat(thin.points().stream().map(Point::step)).isSorted();
    assertThat(series(1, 2, 3).thinned(100).points()).hasSize(3);
  }

  private static Series series(double... values) {
    return new Series(
        "loss",
        Look.FIRST,
        IntStream.range(0, values.length).mapToObj(i -> new Point(i, values[i])).toList());
  }

  private static List<Double> values(Series series) {
    return series.points().stream().map(Point::value).toList();
  }
}
