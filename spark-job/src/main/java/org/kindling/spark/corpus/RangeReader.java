package org.kindling.spark.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.Seekable;
import org.kindling.spark.InputException;
import org.kindling.spark.files.FileSystems;
import org.kindling.tokenizer.SafeCut;

/**
 * Reads the text of one {@link TextRange} in pieces, so that memory stays bounded whatever the
 * file's size and lines.
 *
 * <p>A range begins at the first place at or after its start where a {@link SafeCut} lets the text
 * be cut, and ends at the first such place at or after its end; a piece ends at the last one that a
 * buffer of 128 KiB holds. A buffer without one grows. So the ids of the pieces, one after the
 * other, are those of the whole file. Where cuts fall depends on nothing but the file and the
 * range.
 *
 * <p>The text is UTF-8 and is given exactly as it is in the file, {@code \r} included; only a byte
 * order mark at the file's start is dropped. Bytes that are not UTF-8 are refused.
 */
public final class RangeReader {

  /** Takes a piece of text and the offset of its first byte in the file. */
  @FunctionalInterface
  public interface PieceConsumer {
    void accept(String text, long byteOffset);
  }

  /** Small enough for a core's own cache: what is read next finds there what was read before. */
  private static final int PIECE_BYTES = 1 << 17;

  private static final int BEYOND_BYTES = 16 << 10;

  /**
   * Of a piece of n bytes there are some 40 n at work where it is a single pre-token: its
   * characters twice, its bytes, the merges' lists and heap, its ids, and room.
   */
  private static final int PIECES_A_HEAP = 48;

  private static final int MOST_PIECE_BYTES = 1 << 30;

  private final TextRange range;
  private final int mostBytes;
  private final PieceConsumer consumer;
  private final TextBuffer buffer;
  private final Optional<TextDigest> digest;

  private RangeReader(
      TextRange range,
      SafeCut cuts,
      int pieceBytes,
      int mostBytes,
      Optional<TextDigest> digest,
      PieceConsumer consumer) {
    this.range = range;
    this.mostBytes = mostBytes;
    this.consumer = consumer;
    // A directory may have very many small files.
    long most = range.compressed() ? Long.MAX_VALUE : range.fileLength() - range.start() + 1;
    this.buffer =
        new TextBuffer(range.path(), cuts, range.start(), (int) Math.min(pieceBytes, most));
    this.digest = digest;
  }

  /**
   * Gives the range's text to the consumer, piece by piece.
   *
   * @throws InputException if the file cannot be read, is not UTF-8 text (the message names the
   *     byte), became shorter since the range was made, or has no place to cut it at for longer
   *     than memory lasts
   */
  public static void read(
      TextRange range, Configuration configuration, SafeCut cuts, PieceConsumer consumer) {
    read(range, configuration, cuts, Optional.empty(), consumer);
  }

  /**
   * Reads as above.
   *
   * @param digest gets the file's bytes from the range's start to its end, wherever the text is
   *     cut; a byte order mark does not count
   */
  static void read(
      TextRange range,
      Configuration configuration,
      SafeCut cuts,
      Optional<TextDigest> digest,
      PieceConsumer consumer) {
    read(range, configuration, cuts, PIECE_BYTES, mostPieceBytes(), digest, consumer);
  }

  static void read(
      TextRange range,
      Configuration configuration,
      SafeCut cuts,
      int pieceBytes,
      int mostBytes,
      Optional<TextDigest> digest,
      PieceConsumer consumer) {
    new RangeReader(range, cuts, pieceBytes, mostBytes, digest, consumer).read(configuration);
  }

  /**
   * The number, from 1, of the line that begins at an offset in the text of a range's file: for
   * messages, since all before it is read again.
   */
  static long lineNumber(TextRange range, Configuration configuration, long offset) {
    long[] line = {1};
    withText(
        range,
        configuration,
        text -> {
          byte[] bytes = new byte[BEYOND_BYTES];
          long left = offset;
          for (int n;
              left > 0 && (n = text.read(bytes, 0, (int) Math.min(left, bytes.length))) > 0; ) {
            for (int i = 0; i < n; i++) {
              line[0] += bytes[i] == '\n' ? 1 : 0;
            }
            left -= n;
          }
        });
    return line[0];
  }

  private void read(Configuration configuration) {
    withText(
        range,
        configuration,
        text -> {
          if (range.compressed() || findBegin(text)) {
            readPieces(text);
          }
        });
  }

  /** Opens the range's file, through its codec if it has one. */
  private static void withText(
      TextRange range, Configuration configuration, CompressedText.Reading reading) {
    Path path = new Path(range.path());
    try (FSDataInputStream file = FileSystems.plain(path, configuration).open(path)) {
      if (range.compressed()) {
        CompressedText.read(path, file, configuration, reading);
      } else {
        reading.of(file);
      }
    } catch (IOException e) {
      throw new InputException("cannot read " + range.path() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Gives all of a stream's text to the consumer, piece by piece.
   *
   * @param name what messages call it
   * @throws InputException as above
   */
  public static void read(String name, InputStream in, SafeCut cuts, PieceConsumer consumer) {
    TextRange all = new TextRange(name, 0, Long.MAX_VALUE, Long.MAX_VALUE, true, List.of());
    try {
      new RangeReader(all, cuts, PIECE_BYTES, mostPieceBytes(), Optional.empty(), consumer)
          .readPieces(in);
    } catch (IOException e) {
      throw new InputException("cannot read " + name + ": " + e.getMessage(), e);
    }
  }

  private static int mostPieceBytes() {
    long byHeap = Runtime.getRuntime().maxMemory() / PIECES_A_HEAP;
    return (int) Math.max(PIECE_BYTES, Math.min(MOST_PIECE_BYTES, byHeap));
  }

  /** Moves to the first cut in the range; false if it has none, and so no text. */
  private boolean findBegin(InputStream file) throws IOException {
    if (range.start() == 0) {
      return true;
    }
    ((Seekable) file).seek(buffer.readOffset());
    while (buffer.beginOffset() < range.end()) {
      buffer.fill(file, buffer.beginOffset() + BEYOND_BYTES, range.fileLength());
      long cut = buffer.firstCut(buffer.beginOffset());
      if (cut >= 0) {
        skipTo(cut);
        return cut < range.end();
      }
      skipTo(buffer.atEnd() ? buffer.readOffset() : buffer.sureOffset());
      if (buffer.atEnd()) {
        return false;
      }
    }
    return false;
  }

  /** Gives all text from here to the first cut at or after the range's end. */
  private void readPieces(InputStream text) throws IOException {
    long searched = range.end();
    long barren = 0;
    while (true) {
      long wanted = Math.max(range.end(), buffer.readOffset() + BEYOND_BYTES);
      buffer.fill(text, wanted, range.compressed() ? Long.MAX_VALUE : range.fileLength());
      long cut = buffer.firstCut(searched);
      if (cut >= 0 || buffer.atEnd()) {
        give(cut >= 0 ? cut : buffer.readOffset());
        return;
      }
      searched = Math.max(searched, buffer.sureOffset());
      if (buffer.isFull()) {
        long last = buffer.lastCut(barren);
        barren = buffer.sureOffset();
        if (last >= 0) {
          give(last);
        } else {
          buffer.grow(mostBytes);
        }
      }
    }
  }

  private void give(long to) {
    long from = Math.max(buffer.beginOffset(), buffer.textBegin());
    digest(from, to);
    String text = buffer.takeTo(to);
    if (!text.isEmpty()) {
      consumer.accept(text, from);
    }
  }

  private void skipTo(long to) {
    digest(Math.max(buffer.beginOffset(), buffer.textBegin()), to);
    buffer.skipTo(to);
  }

  /** Counts what lies in the range; what lies beyond its end is the next one's to count. */
  private void digest(long from, long to) {
    long end = Math.min(to, range.end());
    if (from < end) {
      digest.ifPresent(sum -> buffer.digest(from, end, sum));
    }
  }
}
