package org.kindling.spark.command;

/**
 * A text with its tokens apart: on a terminal in colours that alternate, elsewhere with a bar
 * between two.
 *
 * <pre>
 * First│ Cit│izen│:│\n
 * Be│fore│ we│ proceed
 * </pre>
 */
final class CutText {
  /** Five light backgrounds of the 256 colours, so that equal ones never meet. */
  private static final int[] BACKGROUNDS = {152, 223, 189, 193, 218};

  private static final String RESET = "\u001b[0m";
  private static final String BAR = "│";

  private final TokenText tokens;
  private final boolean coloured;

  CutText(TokenText tokens, boolean coloured) {
    this.tokens = tokens;
    this.coloured = coloured;
  }

  /** Whether standard output is a terminal whose user wants colours (no-color.org). */
  static boolean wantsColours() {
    String noColor = System.getenv("NO_COLOR");
    return System.console() != null && (noColor == null || noColor.isEmpty());
  }

  /** The first {@code count} ids as text, which ends with a line end. */
  String of(int[] ids, int count) {
    StringBuilder text = new StringBuilder();
    boolean lineBegins = true;
    for (int i = 0; i < count; i++) {
      String token = tokens.of(ids[i]);
      if (coloured) {
        text.append("\u001b[30;48;5;").append(BACKGROUNDS[i % BACKGROUNDS.length]).append('m');
        text.append(token).append(RESET);
      } else {
        text.append(lineBegins ? "" : BAR).append(token);
      }
      lineBegins = token.endsWith("\\n");
      if (lineBegins) {
        text.append('\n');
      }
    }
    return lineBegins ? text.toString() : text.append('\n').toString();
  }
}
