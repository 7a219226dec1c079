package org.kindling.spark.generation;

import java.util.List;

/**
 * A text that grows piece by piece and ends before the first stop string that it contains: at the
 * first character that completes one, and before the longest where several end there. So it does
 * not matter into which pieces the text was cut.
 *
 * <p>With the stop string {@code END}, the pieces {@code "to E"}, {@code "N"}, {@code "GLAND"} come
 * out as {@code "to "}, {@code ""} and {@code "ENGLAND"}: what may begin a stop string waits.
 */
final class GrowingText {
  private final List<String> stops;
  private final StringBuilder waiting = new StringBuilder();
  private boolean stopped;

  /**
   * @param stops none of them empty
   */
  GrowingText(List<String> stops) {
    this.stops = stops;
  }

  /**
   * Adds a piece.
   *
   * @return the text that is certain now; nothing once a stop string has come
   */
  String add(String piece) {
    if (stopped) {
      return "";
    }
    if (stops.isEmpty()) {
      return piece;
    }
    int known = waiting.length();
    waiting.append(piece);
    for (int end = known + 1; end <= waiting.length(); end++) {
      int start = startOfStop(end);
      if (start >= 0) {
        stopped = true;
        return take(start);
      }
    }
    return take(waiting.length() - begun());
  }

  /** Whether a stop string has come. */
  boolean stopped() {
    return stopped;
  }

  /** What waited for more, where no more will come. */
  String end() {
    return stopped ? "" : take(waiting.length());
  }

  private String take(int count) {
    String taken = waiting.substring(0, count);
    waiting.delete(0, count);
    return taken;
  }

  /** Where the longest stop string begins that ends there; -1 if none does. */
  private int startOfStop(int end) {
    int longest = 0;
    for (String stop : stops) {
      if (stop.length() > longest && endsWith(end, stop, stop.length())) {
        longest = stop.length();
      }
    }
    return longest == 0 ? -1 : end - longest;
  }

  /** How many of the last characters may be the beginning of a stop string. */
  private int begun() {
    int most = 0;
    for (String stop : stops) {
      for (int count = Math.min(stop.length() - 1, waiting.length()); count > most; count--) {
        if (endsWith(waiting.length(), stop, count)) {
          most = count;
        }
      }
    }
    return most;
  }

  /** Whether what ends there is the first so many characters of a stop string. */
  private boolean endsWith(int end, String stop, int count) {
    if (count > end) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (waiting.charAt(end - count + i) != stop.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
