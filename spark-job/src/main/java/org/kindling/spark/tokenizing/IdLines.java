package org.kindling.spark.tokenizing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes ids as text: decimal numbers with a blank between two, and a line end after each document.
 *
 * <p>So that parts of a document may be written by several tasks, the blank is written before an
 * id, unless the id is a document's first.
 */
final class IdLines {
  private static final int AT_ONCE = 4096;

  private final OutputStream out;

  /** A blank and the ten digits of the largest int, for each. */
  private final byte[] text = new byte[11 * AT_ONCE];

  private boolean first;

  /**
   * Starts to write.
   *
   * @param continues whether a document's earlier ids stand before, in another file
   */
  IdLines(OutputStream out, boolean continues) {
    this.out = out;
    this.first = !continues;
  }

  /** Writes the first {@code count} ids. */
  void add(int[] ids, int count) throws IOException {
    for (int from = 0; from < count; from += AT_ONCE) {
      add(ids, from, Math.min(count, from + AT_ONCE));
    }
  }

  /** From the last to the first, as their digits come. */
  private void add(int[] ids, int from, int to) throws IOException {
    int at = text.length;
    for (int i = to - 1; i >= from; i--) {
      int rest = ids[i];
      do {
        text[--at] = (byte) ('0' + rest % 10);
        rest /= 10;
      } while (rest > 0);
      if (i > from || !first) {
        text[--at] = ' ';
      }
    }
    out.write(text, at, text.length - at);
    first = false;
  }

  void endDocument() throws IOException {
    out.write("\n".getBytes(StandardCharsets.US_ASCII));
    first = true;
  }
}
