package org.kindling.tokenizer;

/**
 * The classes of characters that GPT's patterns speak of, as bits: one load from a table for each
 * character of the Basic Multilingual Plane.
 *
 * <p>Letters ({@code \p{L}}), numbers ({@code \p{N}}) and white space ({@code \s}, Unicode's
 * property White_Space) exclude each other; all that is none of them is {@link #OTHER}. The general
 * categories are those of the running JDK (Unicode 13 in Java 17).
 */
final class CharacterClass {
  static final int LETTER = 1;
  static final int NUMBER = 2;
  static final int SPACE = 4;
  static final int OTHER = 8;

  /** {@code \r} and {@code \n}, which are white space, too. */
  static final int LINE_END = 16;

  /** Categories Lu, Lt, Lm, Lo and M: what may begin a word of o200k's pattern. */
  static final int UPPER = 32;

  /** Categories Ll, Lm, Lo and M: what may end one. */
  static final int LOWER = 64;

  /** No class, but half of a character beyond the table. */
  private static final int SURROGATE = 128;

  private static final byte[] TABLE = new byte[Character.MAX_VALUE + 1];

  static {
    for (int c = 0; c < TABLE.length; c++) {
      TABLE[c] =
          (byte) (Character.isSurrogate((char) c) ? SURROGATE : classify(c, Character.getType(c)));
    }
  }

  private CharacterClass() {}

  private static int classify(int codePoint, int category) {
    switch (category) {
      case Character.UPPERCASE_LETTER:
      case Character.TITLECASE_LETTER:
        return LETTER | UPPER;
      case Character.LOWERCASE_LETTER:
        return LETTER | LOWER;
      case Character.MODIFIER_LETTER:
      case Character.OTHER_LETTER:
        return LETTER | UPPER | LOWER;
      case Character.NON_SPACING_MARK:
      case Character.ENCLOSING_MARK:
      case Character.COMBINING_SPACING_MARK:
        return OTHER | UPPER | LOWER;
      case Character.DECIMAL_DIGIT_NUMBER:
      case Character.LETTER_NUMBER:
      case Character.OTHER_NUMBER:
        return NUMBER;
      default:
        if (codePoint == '\r' || codePoint == '\n') {
          return SPACE | LINE_END;
        }
        return isSpace(codePoint, category) ? SPACE : OTHER;
    }
  }

  private static boolean isSpace(int codePoint, int category) {
    return category == Character.SPACE_SEPARATOR
        || category == Character.LINE_SEPARATOR
        || category == Character.PARAGRAPH_SEPARATOR
        || (codePoint >= '\t' && codePoint <= '\r')
        || codePoint == 0x85; // next line
  }

  /** The bits of a code point; half a pair of surrogates by itself is {@link #OTHER}. */
  static int of(int codePoint) {
    if (codePoint > Character.MAX_VALUE) {
      return classify(codePoint, Character.getType(codePoint));
    }
    int bits = TABLE[codePoint] & 0xFF;
    return bits == SURROGATE ? OTHER : bits;
  }

  static boolean is(int codePoint, int mask) {
    return (of(codePoint) & mask) != 0;
  }

  /** The bits of the character that begins at {@code at}, {@code at < to}. */
  static int at(char[] text, int at, int to) {
    int bits = TABLE[text[at]] & 0xFF;
    return bits == SURROGATE ? of(Character.codePointAt(text, at, to)) : bits;
  }

  /** How many chars the character at {@code at} has: 1 or 2. */
  static int length(char[] text, int at, int to) {
    return Character.isHighSurrogate(text[at])
            && at + 1 < to
            && Character.isLowSurrogate(text[at + 1])
        ? 2
        : 1;
  }

  /** The end of the run of characters that have one of the bits, from {@code at} on. */
  static int skip(char[] text, int at, int to, int mask) {
    int i = at;
    while (i < to) {
      int bits = TABLE[text[i]];
      if ((bits & mask) == 0) {
        if (bits >= 0 || !is(Character.codePointAt(text, i, to), mask)) {
          return i;
        }
        i += length(text, i, to);
      } else {
        i++;
      }
    }
    return i;
  }
}
