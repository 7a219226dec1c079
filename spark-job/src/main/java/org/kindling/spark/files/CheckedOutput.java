package org.kindling.spark.files;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.Syncable;

/**
 * A file being written, whose failures are IOExceptions. Hadoop's local file system throws an Error
 * when the disk is full, since a node of a cluster had better die then; a run had better not.
 */
final class CheckedOutput extends OutputStream implements Syncable, StreamCapabilities {
  private final FSDataOutputStream out;

  private CheckedOutput(FSDataOutputStream out) {
    this.out = out;
  }

  static FSDataOutputStream of(FSDataOutputStream out) throws IOException {
    return new FSDataOutputStream(new CheckedOutput(out), null);
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void check(Action action) throws IOException {
    try {
      action.run();
    } catch (FSError e) {
      throw new IOException(e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
    }
  }

  @Override
  public void write(int value) throws IOException {
    check(() -> out.write(value));
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    check(() -> out.write(bytes, offset, count));
  }

  @Override
  public void flush() throws IOException {
    check(out::flush);
  }

  @Override
  public void hflush() throws IOException {
    check(out::hflush);
  }

  @Override
  public void hsync() throws IOException {
    check(out::hsync);
  }

  @Override
  public boolean hasCapability(String capability) {
    return out.hasCapability(capability);
  }

  @Override
  public void close() throws IOException {
    check(out::close);
  }
}
