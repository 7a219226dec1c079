package org.kindling.spark.command;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.kindling.tokenizer.BytePairTokenizer;
import org.kindling.tokenizer.Tokenizer;

/**
 * Tokens as people can read them: line ends and other control characters as in a Java string, bytes
 * that are no whole character as {@code \xE2}.
 */
final class TokenText {
  private final Tokenizer tokenizer;

  TokenText(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** The token's bytes in UTF-8; a special token's are those of its name. */
  byte[] bytes(int id) {
    return tokenizer instanceof BytePairTokenizer bytePairs
        ? bytePairs.tokenBytes(id)
        : tokenizer.decode(new int[] {id}).getBytes(StandardCharsets.UTF_8);
  }

  /** The token's text, for people. */
  String of(int id) {
    ByteBuffer in = ByteBuffer.wrap(bytes(id));
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // which reports what is broken
    CharBuffer chars = CharBuffer.allocate(in.remaining());
    StringBuilder text = new StringBuilder();
    while (true) {
      CoderResult result = decoder.decode(in, chars, true);
      chars.flip().codePoints().forEach(codePoint -> escape(codePoint, text));
      chars.clear();
      if (!result.isError()) {
        return text.toString();
      }
      for (int i = 0; i < result.length(); i++) {
        text.append("\\x%02X".formatted(in.get()));
      }
      decoder.reset();
    }
  }

  private static void escape(int codePoint, StringBuilder text) {
    switch (codePoint) {
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        int type = Character.getType(codePoint);
        if (type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR) {
          text.append("\\u%04X".formatted(codePoint));
        } else {
          text.appendCodePoint(codePoint);
        }
      }
    }
  }
}
