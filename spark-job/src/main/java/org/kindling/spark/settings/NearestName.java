package org.kindling.spark.settings;

import java.util.Collection;
import java.util.Comparator;

/** Finds what someone meant who misspelt a name. */
public final class NearestName {
  /** So many typing errors a short name may have. */
  private static final int MOST_EDITS = 2;

  private NearestName() {}

  /** {@code model.layer} and {@code layers} are both nearest to {@code model.layers}. */
  public static String to(String misspelt, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(misspelt, name)))
        .orElseThrow();
  }

  /** The nearest name as a question, if it is near enough to be meant; else nothing. */
  public static String asked(String misspelt, Collection<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    String nearest = to(misspelt, names);
    boolean near =
        nearest.startsWith(misspelt)
            || misspelt.startsWith(nearest)
            || edits(misspelt, nearest) <= MOST_EDITS;
    return near ? "; did you mean %s?".formatted(nearest) : "";
  }

  private static int distance(String misspelt, String name) {
    if (name.startsWith(misspelt + ".")) {
      return 0; // a section's name alone: its first setting
    }
    String withoutSection = name.substring(name.indexOf('.') + 1);
    return Math.min(edits(misspelt, name), edits(misspelt, withoutSection) + 1);
  }

  /** The least number of characters to insert, delete or replace (Levenshtein). */
  private static int edits(String from, String to) {
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] current = new int[to.length() + 1];
      current[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[to.length()];
  }
}
