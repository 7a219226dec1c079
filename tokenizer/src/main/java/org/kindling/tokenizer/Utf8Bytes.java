package org.kindling.tokenizer;

/**
 * The UTF-8 bytes of a stretch of chars, in an array that is used again, and a hash that is folded
 * while they are written.
 */
final class Utf8Bytes {
  static final int FOLD = 0x01000193;

  /** An array for longer stretches is let go at the next shorter one. */
  private static final int KEPT = 1 << 21;

  private final boolean keepsSurrogates;
  private byte[] bytes = new byte[256];
  private int folded;

  /** The bytes as an encoder with this pattern wants them. */
  Utf8Bytes(PreTokenPattern pattern) {
    this.keepsSurrogates = pattern.keepsSurrogates();
  }

  /** The bytes, from 0 on; replaced by a longer array when one is needed. */
  byte[] array() {
    return bytes;
  }

  /** The last bytes folded into one number; {@link TokenTable#spread} makes a hash of it. */
  int folded() {
    return folded;
  }

  /** Writes the bytes of the chars [from, to) and returns how many there are. */
  int write(char[] text, int from, int to) {
    int most = Math.multiplyExact(3, to - from);
    if (most > bytes.length) {
      bytes = new byte[Math.max(most, Math.min(2 * bytes.length, KEPT))];
    } else if (bytes.length > KEPT && most <= KEPT) {
      bytes = new byte[KEPT];
    }
    byte[] into = bytes;
    int hash = 0;
    int size = 0;
    for (int i = from; i < to; i++) {
      char c = text[i];
      if (c >= 0x80) {
        return writeRest(text, i, to, size, hash);
      }
      into[size++] = (byte) c;
      hash = hash * FOLD ^ c;
    }
    folded = hash;
    return size;
  }

  private int writeRest(char[] text, int from, int to, int written, int foldedSoFar) {
    int size = written;
    for (int i = from; i < to; i++) {
      char c = text[i];
      if (c < 0x80) {
        bytes[size++] = (byte) c;
      } else if (c < 0x800) {
        bytes[size++] = (byte) (0xC0 | c >> 6);
        bytes[size++] = (byte) (0x80 | c & 0x3F);
      } else if (CharacterClass.length(text, i, to) == 2) {
        int codePoint = Character.toCodePoint(c, text[++i]);
        bytes[size++] = (byte) (0xF0 | codePoint >> 18);
        bytes[size++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
        bytes[size++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        bytes[size++] = (byte) (0x80 | codePoint & 0x3F);
      } else if (keepsSurrogates || !Character.isSurrogate(c)) {
        bytes[size++] = (byte) (0xE0 | c >> 12);
        bytes[size++] = (byte) (0x80 | c >> 6 & 0x3F);
        bytes[size++] = (byte) (0x80 | c & 0x3F);
      } else {
        bytes[size++] = '?';
      }
    }
    int hash = foldedSoFar;
    for (int i = written; i < size; i++) {
      hash = hash * FOLD ^ bytes[i];
    }
    folded = hash;
    return size;
  }
}
