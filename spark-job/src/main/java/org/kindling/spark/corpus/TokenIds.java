package org.kindling.spark.corpus;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.util.KnownSizeEstimation;

/**
 * Token ids in as few bytes as hold them: one each for a vocabulary of at most 256, two for at most
 * 65536, else four. Immutable; {@link TokenIdWriter} makes them.
 *
 * <p>Few ids lie in the heap. Many lie in a file of the machine that made them, mapped into memory:
 * the operating system keeps of it what is used and has room, and reads the rest again, a page at a
 * time, whatever the heap's size. Sent elsewhere, they are written out whole and kept in the same
 * way there.
 */
final class TokenIds implements Serializable, KnownSizeEstimation {
  private static final long serialVersionUID = 2;

  /** The most ids that a shard has; offsets into them are ints. */
  static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  /** A buffer has at most 2^31 bytes; this is a multiple of all widths. */
  static final int PART_BYTES = 1 << 30;

  /** What an object with mapped ids takes of the heap, roughly. */
  private static final long HEAP_BYTES = 1 << 10;

  private final int length;
  private final int width;

  /** Each of {@link #PART_BYTES} bytes, but for the last. */
  private transient ByteBuffer[] parts;

  TokenIds(int length, int width, ByteBuffer... parts) {
    this.length = length;
    this.width = width;
    keep(parts);
  }

  /** How many bytes an id takes. */
  static int width(int vocabularySize) {
    if (vocabularySize <= 1 << 8) {
      return 1;
    }
    return vocabularySize <= 1 << 16 ? 2 : 4;
  }

  int length() {
    return length;
  }

  /** Whether the ids lie in a file. */
  boolean isMapped() {
    return parts.length > 0 && parts[0].isDirect();
  }

  /** Copies {@code count} ids from {@code at} on into {@code into} from {@code from} on. */
  void copy(int at, int count, int[] into, int from) {
    long first = (long) at * width;
    int done = 0;
    while (done < count) {
      long begin = first + (long) done * width;
      ByteBuffer part = parts[(int) (begin / PART_BYTES)];
      int offset = (int) (begin % PART_BYTES);
      int here = Math.min(count - done, (part.limit() - offset) / width);
      copy(part, offset, here, into, from + done);
      done += here;
    }
  }

  private void copy(ByteBuffer part, int offset, int count, int[] into, int from) {
    switch (width) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          into[from + i] = part.get(offset + i) & 0xFF;
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          into[from + i] = part.getChar(offset + 2 * i);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          into[from + i] = part.getInt(offset + 4 * i);
        }
      }
    }
  }

  /** What Spark counts for these ids in its storage memory; mapped ones take none of it. */
  @Override
  public long estimatedSize() {
    return isMapped() ? HEAP_BYTES : HEAP_BYTES + (long) length * width;
  }

  private void keep(ByteBuffer[] buffers) {
    parts = new ByteBuffer[buffers.length];
    for (int i = 0; i < buffers.length; i++) {
      parts[i] = buffers[i].asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    byte[] bytes = new byte[1 << 16];
    for (ByteBuffer part : parts) {
      ByteBuffer left = part.duplicate().rewind();
      while (left.hasRemaining()) {
        int count = Math.min(bytes.length, left.remaining());
        left.get(bytes, 0, count);
        out.write(bytes, 0, count);
      }
    }
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    byte[] bytes = new byte[1 << 16];
    try (TokenIdWriter writer = TokenIdWriter.ofWidth(length, width)) {
      for (long left = (long) length * width; left > 0; ) {
        int count = (int) Math.min(bytes.length, left);
        in.readFully(bytes, 0, count);
        writer.addBytes(bytes, count);
        left -= count;
      }
      keep(writer.finish().parts);
    }
  }
}
