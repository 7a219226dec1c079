package org.kindling.spark.report;

import java.util.stream.DoubleStream;

/**
 * A linear scale with ticks at round numbers: 1, 2 or 5 times a power of ten apart.
 *
 * @param low value at its beginning
 * @param high value at its end, above {@code low}
 * @param tick distance of ticks
 */
record Axis(double low, double high, double tick) {

  /**
   * From {@code min} to {@code max}, both moved out to the next tick; 1.46 to 4.2 becomes 1 to 4.5.
   */
  static Axis around(double min, double max, int ticks) {
    double tick = tick(min, max, ticks);
    double low = Math.floor(min / tick) * tick;
    double high = Math.ceil(max / tick) * tick;
    return new Axis(low, high > low ? high : low + tick, tick);
  }

  /** From 0 to exactly {@code max}, for steps. */
  static Axis upTo(double max, int ticks) {
    return new Axis(0, max > 0 ? max : 1, Math.max(1, tick(0, max, ticks)));
  }

  private static double tick(double min, double max, int ticks) {
    double span = max > min ? max - min : Math.max(Math.abs(max), 1e-12);
    double rough = span / ticks;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double mantissa = rough / power;
    return power * (mantissa < 1.5 ? 1 : mantissa < 3.5 ? 2 : mantissa < 7 ? 5 : 10);
  }

  double[] ticks() {
    long first = Math.round(Math.ceil(low / tick - 1e-6));
    long last = Math.round(Math.floor(high / tick + 1e-6));
    return DoubleStream.iterate(first, n -> n <= last, n -> n + 1).map(n -> n * tick).toArray();
  }

  /** Where a value lies: 0 at the beginning to 1 at the end. Beyond them it stays there. */
  double place(double value) {
    return Math.min(1, Math.max(0, (value - low) / (high - low)));
  }

  /** A tick's number: {@code 0.0005}, {@code 1.5}, {@code 20,000}, {@code 2e-6}. */
  String label(double value) {
    if (Math.abs(value) < tick / 2) {
      return "0";
    }
    int digit = (int) Math.floor(Math.log10(tick) + 1e-9);
    return digit < -5
        ? Markup.format("%de%d", Math.round(value / Math.pow(10, digit)), digit)
        : Markup.format("%,." + Math.max(0, -digit) + "f", value);
  }
}
