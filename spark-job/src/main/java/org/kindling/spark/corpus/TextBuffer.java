package org.kindling.spark.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.SafeCut;

/**
 * A window of a UTF-8 file's bytes that moves forward, and knows where the text in it may be cut.
 *
 * <pre>
 * | given, kept as context | to be given                          | free        |
 * 0                        begin                                  end           capacity
 * </pre>
 *
 * <p>Whether the text may be cut at a byte depends on the two characters before it and the one
 * after, so on nothing but the file: whoever comes to that byte, from wherever, decides the same.
 * Bytes that are not UTF-8 count as replacement characters here and are refused when they are
 * taken.
 */
final class TextBuffer {
  /**
   * Bytes kept before {@link #begin}: two characters, and a byte order mark, which therefore is
   * either seen whole or too far away to matter.
   */
  static final int CONTEXT = 12;

  private static final int NONE = -1;
  private static final int REPLACEMENT = 0xFFFD;

  private final String name;
  private final SafeCut cuts;

  private byte[] bytes;

  /** Where in the file {@code bytes[0]} is. */
  private long offset;

  private int begin;
  private int end;
  private boolean atEnd;

  /**
   * An empty buffer.
   *
   * @param name the file, for messages
   * @param start where in the file the text begins that is wanted
   * @param pieceBytes how much of it fits
   */
  TextBuffer(String name, SafeCut cuts, long start, int pieceBytes) {
    this.name = name;
    this.cuts = cuts;
    this.offset = Math.max(0, start - CONTEXT);
    this.begin = (int) (start - offset);
    this.bytes = new byte[pieceBytes + CONTEXT];
  }

  /** Where in the file reading goes on. */
  long readOffset() {
    return offset + end;
  }

  /** Where in the file the text begins that was not given yet. */
  long beginOffset() {
    return offset + begin;
  }

  /** Whether all of the file is in the buffer, or behind it. */
  boolean atEnd() {
    return atEnd;
  }

  boolean isFull() {
    return end == bytes.length;
  }

  /**
   * Reads until the bytes of the file up to {@code wanted} are here, the buffer is full, or the
   * file ends.
   *
   * @param length of the file; {@link Long#MAX_VALUE} if it ends where the stream does
   */
  void fill(InputStream in, long wanted, long length) throws IOException {
    long until = Math.min(Math.min(wanted, length), offset + bytes.length);
    while (readOffset() < until) {
      int n = in.read(bytes, end, (int) (until - readOffset()));
      if (n < 0) {
        if (length != Long.MAX_VALUE) {
          throw new InputException(name + " became shorter while it was read");
        }
        atEnd = true;
        return;
      }
      end += n;
    }
    atEnd = readOffset() >= length;
  }

  /**
   * The first place at or after {@code from}, an offset in the file, where the text may be cut; -1
   * if none is known yet. The begin and the end of the file are no such places.
   */
  long firstCut(long from) {
    for (int i = Math.max(begin, index(from)); isSure(i); i++) {
      if (isCut(i)) {
        return offset + i;
      }
    }
    return NONE;
  }

  /** The last place after {@code from} where the text may be cut, -1 if none is known yet. */
  long lastCut(long from) {
    int first = Math.max(begin, index(from));
    for (int i = end - 1; i > first; i--) {
      if (isSure(i) && isCut(i)) {
        return offset + i;
      }
    }
    return NONE;
  }

  /** Up to where {@link #firstCut} has looked. */
  long sureOffset() {
    int i = Math.max(begin, end - 3);
    while (isSure(i)) {
      i++;
    }
    return offset + Math.min(i, end);
  }

  /**
   * Makes room for more.
   *
   * @throws InputException if the bytes are not UTF-8, which is why no cut was found, or if a
   *     buffer would be larger than {@code most}
   */
  void grow(int most) {
    requireUtf8(begin, end, false);
    int size = bytes.length - CONTEXT;
    if (size >= most) {
      throw new InputException(
          "%s, from byte %d on: %d bytes of text without a place where the tokenizer's pattern lets it be cut; this machine takes %d"
              .formatted(name, beginOffset(), end - begin, most));
    }
    bytes = Arrays.copyOf(bytes, (int) Math.min(2L * size, most) + CONTEXT);
  }

  /**
   * Gives the text up to an offset, without a byte order mark at the file's begin.
   *
   * @throws InputException if it is not UTF-8
   */
  String takeTo(long to) {
    int from = Math.max(begin, index(textBegin()));
    String text = index(to) > from ? decode(from, index(to)) : "";
    skipTo(to);
    return text;
  }

  /** Moves on without giving the text; what must be known of it to find cuts is kept. */
  void skipTo(long to) {
    begin = index(to);
    int dropped = Math.max(0, begin - CONTEXT);
    System.arraycopy(bytes, dropped, bytes, 0, end - dropped);
    offset += dropped;
    begin -= dropped;
    end -= dropped;
  }

  /** Adds the bytes from one offset to another to a digest. */
  void digest(long from, long to, TextDigest digest) {
    digest.add(bytes, index(from), (int) (to - from), from);
  }

  /** Where the file's text begins: after a byte order mark. */
  long textBegin() {
    boolean mark =
        offset == 0
            && end >= 3
            && (bytes[0] & 0xFF) == 0xEF
            && (bytes[1] & 0xFF) == 0xBB
            && (bytes[2] & 0xFF) == 0xBF;
    return mark ? 3 : 0;
  }

  private int index(long at) {
    return (int) Math.min(Math.max(0, at - offset), Integer.MAX_VALUE);
  }

  /** Whether the character at {@code i} is here as a whole. */
  private boolean isSure(int i) {
    return i < end && (atEnd || i + length(bytes[i]) <= end);
  }

  private boolean isCut(int i) {
    int first = index(textBegin());
    if (isContinuation(bytes[i]) || i <= first) {
      return false;
    }
    int last = startBefore(i, first);
    int beforeLast = last > first ? startBefore(last, first) : last;
    return cuts.between(
        beforeLast < last ? codePoint(beforeLast, last) : NONE,
        codePoint(last, i),
        codePoint(i, Math.min(end, i + length(bytes[i]))));
  }

  /** Where the character begins that ends before {@code i}; the byte before if there is none. */
  private int startBefore(int i, int first) {
    int start = i - 1;
    while (start > first && start > i - 4 && isContinuation(bytes[start])) {
      start--;
    }
    return start + length(bytes[start]) == i ? start : i - 1;
  }

  private int codePoint(int from, int to) {
    int lead = bytes[from] & 0xFF;
    int length = length(bytes[from]);
    if (length != to - from || (lead >= 0x80 && lead < 0xC2) || lead > 0xF4) {
      return REPLACEMENT;
    }
    int codePoint = length == 1 ? lead : lead & (0x7F >> length);
    for (int i = from + 1; i < to; i++) {
      if (!isContinuation(bytes[i])) {
        return REPLACEMENT;
      }
      codePoint = codePoint << 6 | (bytes[i] & 0x3F);
    }
    return codePoint;
  }

  private static boolean isContinuation(byte value) {
    return (value & 0xC0) == 0x80;
  }

  /** How many bytes a character has, by its first. */
  private static int length(byte lead) {
    int value = lead & 0xFF;
    return value < 0xC0 ? 1 : value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
  }

  /** Java's own way is the fastest, but puts replacement characters where it should complain. */
  private String decode(int from, int to) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) { // the text's own, or such a one
      requireUtf8(from, to, true);
    }
    return text;
  }

  /**
   * Refuses bytes that are not UTF-8.
   *
   * @param whole whether the last character must be whole, too
   */
  private void requireUtf8(int from, int to, boolean whole) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // which reports what is wrong
    ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
    CharBuffer chars = CharBuffer.allocate(1 << 12);
    CoderResult result;
    do {
      result = decoder.decode(in, chars.clear(), whole);
    } while (result.isOverflow());
    if (result.isError()) {
      throw new InputException(
          "%s is not UTF-8 text: byte 0x%02X at offset %d"
              .formatted(name, bytes[in.position()], offset + in.position()));
    }
  }
}
