package org.kindling.spark.report;

import java.util.Locale;
import java.util.stream.Collectors;

/** Text inside HTML and SVG that does not depend on what the text is or where the JVM runs. */
final class Markup {
  private static final int CONTROL_PICTURES = 0x2400;

  private Markup() {}

  /** As {@link String#formatted}, with digits and points that SVG reads, whatever the locale. */
  static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  /**
   * Foreign text so that a page shows it as it is, and stays well-formed: a model may have learned
   * any character, markup included.
   *
   * <p>{@code <b>"x"} becomes {@code &lt;b&gt;&quot;x&quot;}. A control character becomes its
   * picture (a carriage return U+240D), and a code point that no document may have U+FFFD.
   */
  static String escape(String text) {
    return text.codePoints().mapToObj(Markup::escape).collect(Collectors.joining());
  }

  private static String escape(int codePoint) {
    return switch (codePoint) {
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '&' -> "&amp;";
      case '"' -> "&quot;";
      case '\'' -> "&#39;";
      case '\n', '\t' -> Character.toString(codePoint);
      case 0x7F -> "\u2421";
      default -> {
        if (codePoint < ' ') {
          yield Character.toString(CONTROL_PICTURES + codePoint);
        }
        boolean forbidden =
            Character.getType(codePoint) == Character.SURROGATE
                || (codePoint >= 0x80 && codePoint < 0xA0)
                || (codePoint & 0xFFFE) == 0xFFFE
                || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF);
        yield forbidden ? "\uFFFD" : Character.toString(codePoint);
      }
    };
  }
}
