package org.kindling.spark.generation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Lines as files hold them. */
final class Utf8 {
  private Utf8() {}

  /** The text, with U+FFFD in the place of what is none. */
  static String lenient(byte[] line) {
    return new String(line, UTF_8);
  }

  /** The text; a {@link RowException} where the bytes are no UTF-8. */
  static String strict(byte[] line) throws RowException {
    String text = lenient(line);
    // Java puts replacement characters where it should complain, so they are looked at twice.
    if (text.indexOf(0xFFFD) >= 0 && !Arrays.equals(text.getBytes(UTF_8), line)) {
      throw new RowException(RowException.Kind.TEXT, "the line is not UTF-8 text");
    }
    return text;
  }
}
