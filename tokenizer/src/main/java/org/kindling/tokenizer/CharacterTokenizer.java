package org.kindling.tokenizer;

import java.io.Serializable;
import java.util.Arrays;

/**
 * One token for each Unicode code point.
 *
 * <p>Over the alphabet {@code a b c} the text {@code "cab"} is {@code [2, 0, 1]}. A pair of
 * surrogates is one code point and so one token; a surrogate without its partner is a code point of
 * its own.
 */
public final class CharacterTokenizer implements Tokenizer {
  private static final long serialVersionUID = 1;
  private static final int UNKNOWN = -1;

  /** The code point of each id. */
  private final int[] codePoints;

  /**
   * The id of each code point up to the largest one known. A plain array, since one load per
   * character is what makes encoding fast; it takes 4 bytes a code point, 4.4 MB at the very most.
   */
  private final transient int[] ids;

  /**
   * The tokenizer whose ids are the places of these code points.
   *
   * @param codePoints at least one, ascending, each once
   * @throws TokenizerException if they are not
   */
  public static CharacterTokenizer of(int[] codePoints) {
    for (int i = 1; i < codePoints.length; i++) {
      if (codePoints[i - 1] >= codePoints[i]) {
        throw new TokenizerException(
            "the tokenizer's characters must ascend, each once, but %s is followed by %s"
                .formatted(
                    CodePoints.describe(codePoints[i - 1]), CodePoints.describe(codePoints[i])));
      }
    }
    return new CharacterTokenizer(codePoints.clone());
  }

  /** The code points may be in any order here, as in a file that another tool wrote. */
  CharacterTokenizer(int[] codePoints) {
    if (codePoints.length == 0) {
      throw new TokenizerException("a character tokenizer needs at least one character");
    }
    this.codePoints = codePoints;
    this.ids = new int[largest(codePoints) + 1];
    Arrays.fill(ids, UNKNOWN);
    for (int id = 0; id < codePoints.length; id++) {
      int codePoint = codePoints[id];
      if (ids[codePoint] != UNKNOWN) {
        throw new TokenizerException(
            "the tokenizer has the character %s twice".formatted(CodePoints.describe(codePoint)));
      }
      ids[codePoint] = id;
    }
  }

  private static int largest(int[] codePoints) {
    int largest = 0;
    for (int codePoint : codePoints) {
      if (!Character.isValidCodePoint(codePoint)) {
        throw new TokenizerException(
            "%d is not a Unicode code point; they are 0 to %d"
                .formatted(codePoint, Character.MAX_CODE_POINT));
      }
      largest = Math.max(largest, codePoint);
    }
    return largest;
  }

  @Override
  public int vocabularySize() {
    return codePoints.length;
  }

  /** {@inheritDoc} The offset counts code points from 0. */
  @Override
  public int[] encode(String text) {
    int[] encoded = new int[text.length()];
    int count = 0;
    for (int at = 0; at < text.length(); count++) {
      int codePoint = text.codePointAt(at);
      int id = codePoint < ids.length ? ids[codePoint] : UNKNOWN;
      if (id == UNKNOWN) {
        throw new TokenizerException(
            "the tokenizer does not know the character %s at offset %d"
                .formatted(CodePoints.describe(codePoint), count));
      }
      encoded[count] = id;
      at += Character.charCount(codePoint);
    }
    return count == encoded.length ? encoded : Arrays.copyOf(encoded, count);
  }

  @Override
  public String decode(int[] ids) {
    StringBuilder text = new StringBuilder(ids.length);
    for (int id : ids) {
      if (id < 0 || id >= codePoints.length) {
        throw new TokenizerException(
            "token id %d is outside the vocabulary; ids are 0 to %d"
                .formatted(id, codePoints.length - 1));
      }
      text.appendCodePoint(codePoints[id]);
    }
    return text.toString();
  }

  @Override
  public String toJson() {
    return TokenizerJson.write(codePoints);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CharacterTokenizer that && Arrays.equals(codePoints, that.codePoints);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(codePoints);
  }

  @Override
  public String toString() {
    return "CharacterTokenizer of " + codePoints.length + " characters";
  }

  private Object writeReplace() {
    return new Alphabet(codePoints);
  }

  /** What crosses the wire; the table of ids is built again where it arrives. */
  private record Alphabet(int[] codePoints) implements Serializable {
    private Object readResolve() {
      return new CharacterTokenizer(codePoints);
    }
  }
}
