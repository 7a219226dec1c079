package org.kindling.spark.command.train;

import java.util.Locale;

/** How long some work will go on, if it goes on as it did. */
final class TimeLeft {
  private TimeLeft() {}

  /**
   * For the end of a line: {@code , 0:09 left}, and from an hour on {@code , 1:02:09 left}.
   *
   * @param nanos that what is done has taken
   * @param done more than 0
   */
  static String after(long nanos, long done, long left) {
    long seconds = Math.round(nanos / 1e9 / done * left);
    long minutes = seconds / 60;
    return minutes < 60
        ? String.format(Locale.ROOT, ", %d:%02d left", minutes, seconds % 60)
        : String.format(
            Locale.ROOT, ", %d:%02d:%02d left", minutes / 60, minutes % 60, seconds % 60);
  }
}
