package org.kindling.tokenizer;

/**
 * Encodes text on one thread: cuts it into pre-tokens, looks each up whole, and merges the bytes of
 * those that are not one token. Allocates nothing but for texts longer than any before.
 */
final class TextEncoder {
  /** What is encoded at a time, up to a place where the text may be cut; it stays in the cache. */
  private static final int PART = 1 << 14;

  /** Longer parts, which cannot be cut, get an array of their own, so that no thread keeps them. */
  private static final int KEPT_CHARS = 1 << 21;

  private final PreTokenPattern pattern;
  private final SafeCut cuts;
  private final ShortTokens shortTokens;
  private final TokenTable whole;
  private final Merger merger;
  private final PieceCache cache = new PieceCache();
  private final Utf8Bytes bytes;
  private char[] chars = new char[1 << 12];

  TextEncoder(PreTokenPattern pattern, ShortTokens shortTokens, TokenTable whole, Merger merger) {
    this.pattern = pattern;
    this.cuts = pattern.cuts();
    this.shortTokens = shortTokens;
    this.whole = whole;
    this.merger = merger;
    this.bytes = new Utf8Bytes(pattern);
  }

  /** Adds the ids of the text's chars [begin, end), as if there were no others. */
  void encode(String text, int begin, int end, TokenBuffer into) {
    int at = begin;
    int most = PART;
    while (at < end) {
      int length = Math.min(most, end - at);
      char[] part = charsFor(length);
      text.getChars(at, at + length, part, 0);
      int to = at + length == end ? length : lastCut(part, length);
      if (to > 0) {
        encode(part, to, into);
        at += to;
        most = PART;
      } else {
        most = (int) Math.min(2L * most, Integer.MAX_VALUE);
      }
    }
  }

  private void encode(char[] part, int length, TokenBuffer into) {
    for (int from = 0; from < length; ) {
      int to = pattern.end(part, from, length);
      int id = to - from <= ShortTokens.LONGEST ? shortTokens.find(part, from, to) : -1;
      if (id >= 0) {
        into.add(id);
      } else {
        encodeBytes(part, from, to, into);
      }
      from = to;
    }
  }

  /**
   * The last place where the part may be cut; 0 if there is none. Its first characters stay
   * together, so that the two before a cut are in the part; halves of a pair at its end are left.
   */
  private int lastCut(char[] part, int length) {
    int at = length - 1;
    while (at > length - 3 && Character.isSurrogate(part[at])) {
      at--;
    }
    int next = Character.codePointAt(part, at, length);
    while (at > 4) {
      int last = Character.codePointBefore(part, at, 0);
      int width = Character.charCount(last);
      if (cuts.between(Character.codePointBefore(part, at - width, 0), last, next)) {
        return at;
      }
      at -= width;
      next = last;
    }
    return 0;
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
