package org.kindling.spark.command;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import org.kindling.spark.InputException;
import org.kindling.spark.files.WholeFiles;

/**
 * Standard output for data: buffered, and without Java's habit of writing on when nobody reads any
 * more.
 */
final class StandardOutput extends OutputStream {
  private final PrintStream out = System.out;

  private StandardOutput() {}

  /**
   * Writes until the end, or until nobody reads any more, as after {@code | head}.
   *
   * @param content may wrap the exception that ends it in an {@link UncheckedIOException}
   * @throws InputException if it goes to a file that cannot be written, on a full disk for example
   */
  static void write(WholeFiles.Content content) throws IOException {
    OutputStream buffered = new BufferedOutputStream(new StandardOutput(), 1 << 16);
    try {
      content.writeTo(buffered);
      buffered.flush();
    } catch (ClosedException e) {
      check(); // else whoever closed it knows why
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof ClosedException)) {
        throw e;
      }
      check();
    }
  }

  /**
   * Looks whether all that was printed has arrived.
   *
   * @throws InputException if it went to a file, and has not
   */
  static void check() {
    if (System.out.checkError() && isFile()) {
      throw new InputException("cannot write all of standard output: is its disk full?");
    }
  }

  /** PrintStream does not tell what went wrong. A file has no reader to leave, a pipe no place. */
  private static boolean isFile() {
    try {
      new FileOutputStream(FileDescriptor.out).getChannel().position(); // to be closed by nobody
      return true;
    } catch (IOException e) {
      return false;
    }
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
      throw new ClosedException();
    }
  }

  private static final class ClosedException extends IOException {
    private static final long serialVersionUID = 1;

    ClosedException() {
      super("standard output is closed");
    }
  }
}
