package org.kindling.spark.tokenizing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.RangeReader;
import org.kindling.spark.corpus.TextRange;
import org.kindling.tokenizer.SafeCut;
import org.kindling.tokenizer.TokenBuffer;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.TokenizerException;

/**
 * Turns text into lines of ids, one for each document, whatever the text's size.
 *
 * @param allowed special tokens that the text may spell; others are text like any
 */
public record Encoding(Tokenizer tokenizer, Set<String> allowed) implements Serializable {

  /** How many bytes went in, and how many ids came out. */
  public record Size(long bytes, long ids) implements Serializable {
    Size plus(Size other) {
      return new Size(bytes + other.bytes, ids + other.ids);
    }
  }

  public Encoding {
    allowed = Set.copyOf(allowed);
  }

  /**
   * Encodes all of a stream, one document.
   *
   * @param name what messages call it
   * @throws InputException if it is not UTF-8 text, or has what the tokenizer does not know
   * @throws IOException if the ids cannot be written
   */
  public Size encode(String name, InputStream in, OutputStream out) throws IOException {
    IdLines lines = new IdLines(out, false);
    Ids ids = new Ids(name, lines);
    try {
      RangeReader.read(name, in, cuts(), ids);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    lines.endDocument();
    return ids.size();
  }

  /**
   * Encodes ranges of files, in their order. A document that begins in another range goes on here,
   * and one that does not end here has no line end: what ranges that meet give is, one after the
   * other, what one of all would.
   *
   * @throws InputException as above
   * @throws IOException if the ids cannot be written
   */
  public Size encode(List<TextRange> ranges, Configuration configuration, OutputStream out)
      throws IOException {
    Size size = new Size(0, 0);
    IdLines lines = null;
    for (TextRange range : ranges) {
      if (lines == null) {
        lines = new IdLines(out, range.start() > 0);
      }
      Ids ids = new Ids(range.path(), lines);
      try {
        RangeReader.read(range, configuration, cuts(), ids);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      if (range.endsFile()) {
        lines.endDocument();
      }
      size = size.plus(ids.size());
    }
    return size;
  }

  /** The tokenizer's, but never inside a special token that is allowed. */
  SafeCut cuts() {
    SafeCut cuts = tokenizer.cuts();
    if (allowed.isEmpty()) {
      return cuts;
    }
    Set<Long> inside = new HashSet<>();
    for (String name : allowed) {
      int[] codePoints = name.codePoints().toArray();
      for (int i = 1; i < codePoints.length; i++) {
        inside.add(pair(codePoints[i - 1], codePoints[i]));
      }
    }
    return (beforeLast, last, next) ->
        cuts.between(beforeLast, last, next) && !inside.contains(pair(last, next));
  }

  private static long utf8Length(String text) {
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Two surrogates are one character of four bytes.
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }

  private static long pair(int last, int next) {
    return (long) last << 32 | next;
  }

  /** Encodes pieces of text as they come. */
  private final class Ids implements RangeReader.PieceConsumer {
    private final String name;
    private final IdLines lines;
    private final TokenBuffer buffer = new TokenBuffer();
    private long bytes;
    private long ids;

    Ids(String name, IdLines lines) {
      this.name = name;
      this.lines = lines;
    }

    @Override
    public void accept(String text, long byteOffset) {
      try {
        if (allowed.isEmpty()) {
          buffer.clear();
          tokenizer.encode(text, buffer);
          write(buffer.array(), buffer.size());
        } else {
          int[] encoded = tokenizer.encodeWithSpecials(text, allowed);
          write(encoded, encoded.length);
        }
      } catch (TokenizerException e) {
        throw new InputException(
            "%s, in the text from byte %d on: %s".formatted(name, byteOffset, e.getMessage()), e);
      }
      bytes += utf8Length(text);
    }

    private void write(int[] encoded, int count) {
      try {
        lines.add(encoded, count);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      ids += count;
    }

    Size size() {
      return new Size(bytes, ids);
    }
  }
}
