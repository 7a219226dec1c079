package org.kindling.spark.run;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import org.kindling.spark.files.Sha256;

/** A file's length in bytes and SHA-256 in hexadecimal, by which damage is noticed. */
record FileDigest(long length, String sha256) {

  /** Counts and digests what passes through; does not close what is below. */
  static final class Stream extends FilterOutputStream {
    private final MessageDigest digest = Sha256.digest();
    private long length;

    Stream(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      out.write(bytes, offset, count);
      digest.update(bytes, offset, count);
      length += count;
    }

    @Override
    public void close() throws IOException {
      flush();
    }

    /** Of everything written; call once. */
    FileDigest fileDigest() {
      return new FileDigest(length, Sha256.hex(digest));
    }
  }
}
