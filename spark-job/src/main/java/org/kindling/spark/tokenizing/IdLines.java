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
  private final OutputStream out;
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
    byte[] text = new byte[count * 11]; // a blank and the ten digits of the largest int
    int at = text.length;
    for (int i = count - 1; i >= 0; i--) {
      int rest = ids[i];
      do {
        text[--at] = (byte) ('0' + rest % 10);
        rest /= 10;
      } while (rest > 0);
      if (i > 0 || !first) {
        text[--at] = ' ';
      }
    }
    out.write(text, at, text.length - at);
    first = first && count == 0;
  }

  void endDocument() throws IOException {
    out.write("\n".getBytes(StandardCharsets.US_ASCII));
    first = true;
  }
}
