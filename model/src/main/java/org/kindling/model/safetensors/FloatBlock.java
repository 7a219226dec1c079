package org.kindling.model.safetensors;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Moves floats to and from a byte stream through one block of 1 MiB. Bulk copies between a
 * little-endian view and an array run at memory speed, where a call for each float would not; bit
 * patterns are kept, NaN's included.
 */
final class FloatBlock {
  private static final int FLOATS = 1 << 18;

  private final ByteBuffer bytes =
      ByteBuffer.allocate(FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final FloatBuffer floats = bytes.asFloatBuffer();

  void write(OutputStream out, float[] from, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int n = Math.min(FLOATS, length - done);
      floats.put(0, from, offset + done, n);
      out.write(bytes.array(), 0, n * Float.BYTES);
      done += n;
    }
  }

  /** Fills a stretch of {@code to}, or throws EOFException where the stream ends before. */
  void read(InputStream in, float[] to, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int n = Math.min(FLOATS, length - done);
      if (in.readNBytes(bytes.array(), 0, n * Float.BYTES) < n * Float.BYTES) {
        throw new EOFException();
      }
      floats.get(0, to, offset + done, n);
      done += n;
    }
  }
}
