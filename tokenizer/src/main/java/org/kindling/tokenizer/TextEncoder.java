package org.kindling.tokenizer;

/**
 * Encodes text on one thread: cuts it into pre-tokens, looks each up whole, and merges the bytes of
 * those that are not one token. Allocates nothing but for texts longer than any before.
 */
final class TextEncoder {
  /** Longer texts get an array of their own, so that no thread keeps hundreds of megabytes. */
  private static final int KEPT_CHARS = 1 << 21;

  private final PreTokenPattern pattern;
  private final ShortTokens shortTokens;
  private final TokenTable whole;
  private final Merger merger;
  private final PieceCache cache = new PieceCache();
  private final Utf8Bytes bytes;
  private char[] chars = new char[1 << 12];

  TextEncoder(PreTokenPattern pattern, ShortTokens shortTokens, TokenTable whole, Merger merger) {
    this.pattern = pattern;
    this.shortTokens = shortTokens;
    this.whole = whole;
    this.merger = merger;
    this.bytes = new Utf8Bytes(pattern);
  }

  /** Adds the ids of the text's chars [begin, end), as if there were no others. */
  void encode(String text, int begin, int end, TokenBuffer into) {
    int length = end - begin;
    char[] copy = charsFor(length);
    text.getChars(begin, end, copy, 0);
    for (int from = 0; from < length; ) {
      int to = pattern.end(copy, from, length);
      int id = to - from <= ShortTokens.LONGEST ? shortTokens.find(copy, from, to) : -1;
      if (id >= 0) {
        into.add(id);
      } else {
        encodeBytes(copy, from, to, into);
      }
      from = to;
    }
  }

  private void encodeBytes(char[] text, int from, int to, TokenBuffer into) {
    int size = bytes.write(text, from, to);
    int hash = TokenTable.spread(bytes.folded());
    int id = whole.find(bytes.array(), 0, size, hash);
    if (id >= 0) {
      into.add(id);
    } else if (!cache.find(bytes.array(), size, hash, into)) {
      int first = into.size();
      merger.merge(bytes.array(), 0, size, into);
      cache.keep(bytes.array(), size, hash, into, first);
    }
  }

  private char[] charsFor(int length) {
    if (length > KEPT_CHARS) {
      return new char[length];
    }
    if (length > chars.length) {
      chars = new char[Math.min(KEPT_CHARS, Math.max(length, 2 * chars.length))];
    }
    return chars;
  }
}
