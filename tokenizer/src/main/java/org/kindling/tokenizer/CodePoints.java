package org.kindling.tokenizer;

/** Names code points so that a reader can tell them apart, invisible ones included. */
final class CodePoints {
  private CodePoints() {}

  /** For example {@code 'é' (U+00E9)}, {@code '\n' (U+000A)}, {@code '\u200B' (U+200B)}. */
  static String describe(int codePoint) {
    return "'%s' (U+%04X)".formatted(printable(codePoint), codePoint);
  }

  private static String printable(int codePoint) {
    return switch (codePoint) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> isVisible(codePoint) ? Character.toString(codePoint) : escaped(codePoint);
    };
  }

  private static boolean isVisible(int codePoint) {
    if (codePoint == ' ') {
      return true;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static String escaped(int codePoint) {
    return Character.isBmpCodePoint(codePoint)
        ? "\\u%04X".formatted(codePoint)
        : "\\u{%X}".formatted(codePoint);
  }
}
