package org.kindling.spark.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;

/** What is refused as text: bytes that are no UTF-8, and strings with half a character. */
public final class UnicodeText {
  private UnicodeText() {}

  /** The text of these bytes; nothing where they are no UTF-8. */
  public static Optional<String> ofUtf8(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    // Java puts replacement characters where it should complain, so they are looked at twice.
    boolean isText = text.indexOf(0xFFFD) < 0 || Arrays.equals(text.getBytes(UTF_8), bytes);
    return isText ? Optional.of(text) : Optional.empty();
  }

  /**
   * What a string has that is no character, in the words of a message: half a surrogate pair. JSON
   * can write that; no file of text can, and no tokenizer gives it back.
   */
  public static Optional<String> flaw(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          return Optional.of(
              "half a surrogate pair, \\u%04x, which is no character"
                  .formatted((int) text.charAt(i)));
        }
        i++;
      }
    }
    return Optional.empty();
  }
}
