package org.kindling.spark.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CodecPool;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.io.compress.Decompressor;
import org.kindling.spark.InputException;

/**
 * Reads the text of one {@link TextRange} in pieces, so that memory stays bounded whatever the
 * file's size and lines.
 *
 * <p>A piece has at most 1 MiB, ends at a line's end where it can, and never inside a character.
 * Where pieces are cut depends on nothing but the file and the range. The text is UTF-8 and is
 * given exactly as it is in the file, {@code \r} included; only a byte order mark at the file's
 * start is dropped. Bytes that are not UTF-8 are refused.
 */
final class RangeReader {

  /** Takes a piece of text and the offset of its first byte in the file. */
  @FunctionalInterface
  interface PieceConsumer {
    void accept(String text, long byteOffset);
  }

  private static final int PIECE_BYTES = 1 << 20;
  private static final int BEYOND_BYTES = 16 << 10;

  private final TextRange range;
  private final PieceConsumer consumer;
  private final MessageDigest digest;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  /** The bytes of the file from {@link #offset} on: {@link #filled} of them. */
  private final byte[] buffer;

  private final CharBuffer chars;
  private long offset;
  private int filled;
  private boolean atEnd;

  private RangeReader(TextRange range, int pieceBytes, PieceConsumer consumer) {
    this.range = range;
    this.consumer = consumer;
    // A directory may have very many small files.
    long most = range.compressed() ? Long.MAX_VALUE : range.fileLength() - range.start() + 1;
    this.buffer = new byte[(int) Math.min(pieceBytes, most)];
    this.chars = CharBuffer.allocate(buffer.length);
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Gives the range's text to the consumer, piece by piece.
   *
   * @return the SHA-256 of the text's bytes, in hex
   * @throws InputException if the file cannot be read, is not UTF-8 text (the message names the
   *     byte), or became shorter since the range was made
   */
  static String read(TextRange range, Configuration configuration, PieceConsumer consumer) {
    return read(range, configuration, PIECE_BYTES, consumer);
  }

  static String read(
      TextRange range, Configuration configuration, int pieceBytes, PieceConsumer consumer) {
    Path path = new Path(range.path());
    Decompressor decompressor = null;
    try (FSDataInputStream file = path.getFileSystem(configuration).open(path)) {
      RangeReader reader = new RangeReader(range, pieceBytes, consumer);
      if (range.compressed()) {
        CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(path);
        decompressor = decompressor(codec, range);
        try (InputStream text = codec.createInputStream(file, decompressor)) {
          reader.readLines(text);
        }
      } else if (reader.findFirstLine(file)) {
        reader.readLines(file);
      }
      return HexFormat.of().formatHex(reader.digest.digest());
    } catch (IOException e) {
      throw new InputException("cannot read " + range.path() + ": " + e.getMessage(), e);
    } finally {
      CodecPool.returnDecompressor(decompressor);
    }
  }

  private static Decompressor decompressor(CompressionCodec codec, TextRange range) {
    try {
      return CodecPool.getDecompressor(codec);
    } catch (RuntimeException e) { // what Hadoop throws where a codec's native library is missing
      throw new InputException("cannot read " + range.path() + ": " + e.getMessage(), e);
    }
  }

  /** Moves to the first line that begins in the range; false if none does. */
  private boolean findFirstLine(FSDataInputStream file) throws IOException {
    if (range.start() == 0) {
      return true;
    }
    // A line begins after a line's end, which may be the byte just before the range.
    offset = range.start() - 1;
    file.seek(offset);
    while (offset < range.end() - 1) {
      fill(file, (int) Math.min(buffer.length, range.end() - 1 - offset));
      int lineEnd = indexOfLineEnd(0);
      drop(lineEnd < 0 ? filled : lineEnd + 1);
      if (lineEnd >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Gives all text from here to the end of the last line that begins in the range. */
  private void readLines(InputStream text) throws IOException {
    int searched = 0;
    while (true) {
      long wanted = range.end() - offset > filled ? range.end() - offset : filled + BEYOND_BYTES;
      fill(text, (int) Math.min(buffer.length, wanted));
      long beforeLast = Math.max(0, range.end() - 1 - offset);
      int lineEnd = beforeLast < filled ? indexOfLineEnd(Math.max(searched, (int) beforeLast)) : -1;
      if (lineEnd >= 0) {
        give(lineEnd + 1);
        return;
      }
      if (atEnd) {
        give(filled);
        return;
      }
      searched = filled;
      if (filled == buffer.length) {
        give(lastCut());
        searched = 0;
      }
    }
  }

  /** Reads until the buffer holds so many bytes, or the file ends. */
  private void fill(InputStream in, int wanted) throws IOException {
    long left = range.compressed() ? Long.MAX_VALUE : range.fileLength() - offset;
    while (filled < wanted && filled < left) {
      int n = in.read(buffer, filled, (int) Math.min(wanted - filled, left - filled));
      if (n < 0) {
        if (!range.compressed()) {
          throw new InputException(range.path() + " became shorter while it was read");
        }
        atEnd = true;
        return;
      }
      filled += n;
    }
    atEnd = filled >= left;
  }

  /** Where to cut a full buffer: after its last line, or else after its last whole character. */
  private int lastCut() {
    for (int i = filled - 1; i >= 0; i--) {
      if (buffer[i] == '\n') {
        return i + 1;
      }
    }
    int lead = filled - 1;
    while (lead > 0 && lead > filled - 4 && (buffer[lead] & 0xC0) == 0x80) {
      lead--;
    }
    int first = buffer[lead] & 0xFF;
    int length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return lead > 0 && lead + length > filled ? lead : filled;
  }

  private int indexOfLineEnd(int from) {
    for (int i = from; i < filled; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Decodes the buffer's first bytes, gives them to the consumer, and drops them. */
  private void give(int count) {
    int mark = offset == 0 && startsWithByteOrderMark(count) ? 3 : 0;
    digest.update(buffer, mark, count - mark);
    ByteBuffer bytes = ByteBuffer.wrap(buffer, mark, count - mark);
    chars.clear();
    decoder.reset();
    CoderResult result = decoder.decode(bytes, chars, true);
    if (result.isError()) {
      throw new InputException(
          String.format(
              "%s is not UTF-8 text: byte 0x%02X at offset %d",
              range.path(), buffer[bytes.position()], offset + bytes.position()));
    }
    decoder.flush(chars);
    if (count > mark) {
      consumer.accept(chars.flip().toString(), offset + mark);
    }
    drop(count);
  }

  private boolean startsWithByteOrderMark(int count) {
    return count >= 3
        && (buffer[0] & 0xFF) == 0xEF
        && (buffer[1] & 0xFF) == 0xBB
        && (buffer[2] & 0xFF) == 0xBF;
  }

  private void drop(int count) {
    System.arraycopy(buffer, count, buffer, 0, filled - count);
    filled -= count;
    offset += count;
  }
}
