package org.kindling.spark.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Standard output for data: buffered, and without Java's habit of writing on when nobody reads any
 * more, as after {@code | head}.
 */
final class StandardOutput extends OutputStream {
  private final PrintStream out = System.out;

  private StandardOutput() {}

  /** To be flushed, not closed. */
  static OutputStream open() {
    return new BufferedOutputStream(new StandardOutput(), 1 << 16);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    out.write(bytes, from, count);
    flush();
  }

  @Override
  public void flush() throws IOException {
    if (out.checkError()) {
      throw new IOException("standard output is closed");
    }
  }
}
