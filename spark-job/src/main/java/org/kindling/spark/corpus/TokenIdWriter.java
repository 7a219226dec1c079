package org.kindling.spark.corpus;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.apache.spark.SparkEnv;
import org.kindling.spark.InputException;

/**
 * Takes a shard's ids in their order and keeps them: up to a mebibyte of them in the heap, more in
 * a file of Spark's local directories.
 *
 * <ol>
 *   <li>{@link #add} as often as it takes to be {@code length} ids;
 *   <li>{@link #finish} maps the file and deletes its name: the mapping keeps the content, and the
 *       system takes that back when the last object that reads it is gone, or the process is,
 *       however it ended;
 *   <li>{@link #close} drops what was not finished.
 * </ol>
 *
 * <p>The file is written, not mapped, while it grows: a full disk is then an error with a message.
 */
final class TokenIdWriter implements AutoCloseable {
  /** So many bytes are kept in the heap before there is a file, and written at once then. */
  static final int HEAP_BYTES = 1 << 20;

  private final int length;
  private final int width;
  private final long bytes;
  private int added;
  private long written;
  private ByteBuffer buffer;
  private File file;
  private FileChannel channel;
  private TokenIds finished;

  /** For {@code length} ids of a vocabulary. */
  TokenIdWriter(int length, int vocabularySize) {
    this(length, (long) length * TokenIds.width(vocabularySize), TokenIds.width(vocabularySize));
  }

  private TokenIdWriter(int length, long bytes, int width) {
    this.length = length;
    this.bytes = bytes;
    this.width = width;
  }

  static TokenIdWriter ofWidth(int length, int width) {
    return new TokenIdWriter(length, (long) length * width, width);
  }

  /**
   * Adds {@code count} ids of {@code ids} from {@code from} on.
   *
   * @param at how many were added before, for a check of the order
   */
  void add(int at, int[] ids, int from, int count) {
    if (at != added || count > length - added) {
      throw new IllegalStateException(
          "%d ids for place %d after %d of %d".formatted(count, at, added, length));
    }
    for (int done = 0; done < count; ) {
      ByteBuffer into = room();
      int here = Math.min(count - done, into.remaining() / width);
      for (int i = from + done; i < from + done + here; i++) {
        switch (width) {
          case 1 -> into.put((byte) ids[i]);
          case 2 -> into.putChar((char) ids[i]);
          default -> into.putInt(ids[i]);
        }
      }
      done += here;
    }
    added += count;
    if (added == length) {
      finish(); // now, so that few files are open at a time
    }
  }

  /** Adds ids as another object had them; whole ones. */
  void addBytes(byte[] ids, int count) {
    for (int done = 0; done < count; ) {
      ByteBuffer into = room();
      int here = Math.min(count - done, into.remaining());
      into.put(ids, done, here);
      done += here;
    }
    added += count / width;
  }

  /** The ids, all of which have been added. */
  TokenIds finish() {
    if (finished == null) {
      if (added != length) {
        throw new IllegalStateException("%d of %d ids".formatted(added, length));
      }
      if (channel == null) {
        finished =
            length == 0 ? new TokenIds(0, width) : new TokenIds(length, width, buffer.flip());
      } else {
        write();
        finished = new TokenIds(length, width, map());
      }
      close();
    }
    return finished;
  }

  @Override
  public void close() {
    buffer = null;
    if (channel != null) {
      try {
        channel.close();
        // On systems that cannot delete what is mapped, Spark does so at its end.
        file.delete();
      } catch (IOException e) {
        throw failed(e);
      }
      channel = null;
    }
  }

  /** A buffer with room for an id. */
  private ByteBuffer room() {
    if (buffer == null) {
      buffer =
          ByteBuffer.allocate((int) Math.min(HEAP_BYTES, bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }
    if (buffer.remaining() < width) {
      write();
    }
    return buffer;
  }

  private void write() {
    try {
      if (channel == null) {
        file = newFile();
        channel =
            FileChannel.open(
                file.toPath(),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
      }
      buffer.flip();
      while (buffer.hasRemaining()) {
        written += channel.write(buffer);
      }
      buffer.clear();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private ByteBuffer[] map() {
    ByteBuffer[] parts = new ByteBuffer[(int) ((written - 1) / TokenIds.PART_BYTES) + 1];
    try {
      for (int i = 0; i < parts.length; i++) {
        long from = (long) i * TokenIds.PART_BYTES;
        long size = Math.min(TokenIds.PART_BYTES, written - from);
        parts[i] = channel.map(FileChannel.MapMode.READ_ONLY, from, size);
      }
      return parts;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Where Spark puts its own blocks, so that disks are used in turn; elsewhere without Spark. */
  private static File newFile() throws IOException {
    SparkEnv spark = SparkEnv.get();
    return spark == null
        ? Files.createTempFile("kindling-ids", null).toFile()
        : spark.blockManager().diskBlockManager().createTempLocalBlock()._2();
  }

  private InputException failed(IOException e) {
    return new InputException(
        "cannot keep %d bytes of token ids in %s: %s; spark.local.dir says where"
            .formatted(bytes, file == null ? "a local file" : file, e.getMessage()),
        e);
  }
}
