package org.kindling.tokenizer;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * One token for each Unicode code point.
 *
 * <p>Over the alphabet {@code a b c} the text {@code "cab"} is {@code [2, 0, 1]}. A pair of
 * surrogates is one code point and so one token; a surrogate without its partner is a code point of
 * its own.
 *
 * <p>A vocabulary that is restricted to some characters may have an unknown token, which stands for
 * each of the others. Its id is the last: over {@code a b c} with {@code <unk>} the text {@code
 * "cat"} is {@code [2, 0, 3]}, which decodes to {@code "ca<unk>"}. Text never spells the unknown
 * token: {@code "<unk>"} is five characters.
 */
public final class CharacterTokenizer implements Tokenizer {
  private static final long serialVersionUID = 2;

  /** In the place of a code point: the id is that of an unknown token, longer than a character. */
  static final int NO_CHARACTER = -1;

  private static final int NO_ID = -1;

  /** The code point of each id. */
  private final int[] codePoints;

  /** What stands for the characters outside the vocabulary; null if they are refused. */
  private final String unknownToken;

  /**
   * The id of each code point up to the largest one known. A plain array, since one load per
   * character is what makes encoding fast; it takes 4 bytes a code point, 4.4 MB at the very most.
   */
  private final transient int[] ids;

  /** The unknown token's, or {@link #NO_ID}. */
  private final transient int unknownId;

  /**
   * The tokenizer whose ids are the places of these code points; it refuses other characters.
   *
   * @param codePoints at least one, ascending, each once
   * @throws TokenizerException if they are not
   */
  public static CharacterTokenizer of(int[] codePoints) {
    requireAscending(codePoints);
    return new CharacterTokenizer(codePoints.clone(), null);
  }

  /**
   * The tokenizer whose ids are the places of these code points; any other character gets the id of
   * the unknown token.
   *
   * @param codePoints at least one, ascending, each once
   * @param unknownToken what {@link #decode} shows for an unknown character, such as {@code <unk>};
   *     its id comes after those of the characters. If it is one of them, such as {@code ?}, that
   *     character's id is meant.
   * @throws TokenizerException if the code points are not as said, or the token is empty
   */
  public static CharacterTokenizer of(int[] codePoints, String unknownToken) {
    requireAscending(codePoints);
    if (unknownToken.isEmpty()) {
      throw new TokenizerException("the unknown token is \"\"; it must have a character");
    }
    int codePoint = onlyCodePoint(unknownToken);
    if (codePoint != NO_CHARACTER && Arrays.binarySearch(codePoints, codePoint) >= 0) {
      return new CharacterTokenizer(codePoints.clone(), unknownToken);
    }
    int[] withUnknown = Arrays.copyOf(codePoints, codePoints.length + 1);
    withUnknown[codePoints.length] = codePoint;
    return new CharacterTokenizer(withUnknown, unknownToken);
  }

  private static void requireAscending(int[] codePoints) {
    if (codePoints.length == 0) {
      throw new TokenizerException("a character tokenizer needs at least one character");
    }
    for (int i = 0; i < codePoints.length; i++) {
      if (!Character.isValidCodePoint(codePoints[i])) {
        throw new TokenizerException(
            "%d is not a Unicode code point; they are 0 to %d"
                .formatted(codePoints[i], Character.MAX_CODE_POINT));
      }
      if (i > 0 && codePoints[i - 1] >= codePoints[i]) {
        throw new TokenizerException(
            "the tokenizer's characters must ascend, each once, but %s is followed by %s"
                .formatted(
                    CodePoints.describe(codePoints[i - 1]), CodePoints.describe(codePoints[i])));
      }
    }
  }

  /** The text's only code point, or {@link #NO_CHARACTER} if it has not exactly one. */
  static int onlyCodePoint(String text) {
    boolean isOne = !text.isEmpty() && text.codePointCount(0, text.length()) == 1;
    return isOne ? text.codePointAt(0) : NO_CHARACTER;
  }

  /**
   * The code points may be in any order here, as in a file that another tool wrote, and {@link
   * #NO_CHARACTER} stands in one place if there is an unknown token of several characters.
   */
  CharacterTokenizer(int[] codePoints, String unknownToken) {
    this.codePoints = codePoints;
    this.unknownToken = unknownToken;
    this.ids = new int[Arrays.stream(codePoints).max().getAsInt() + 1];
    Arrays.fill(ids, NO_ID);
    int unknown = unknownToken == null ? NO_CHARACTER : onlyCodePoint(unknownToken);
    int idOfUnknown = NO_ID;
    for (int id = 0; id < codePoints.length; id++) {
      if (codePoints[id] != NO_CHARACTER) {
        ids[codePoints[id]] = id;
      }
      if (unknownToken != null && codePoints[id] == unknown) {
        idOfUnknown = id;
      }
    }
    this.unknownId = idOfUnknown;
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
      int id = codePoint < ids.length ? ids[codePoint] : NO_ID;
      encoded[count] = id == NO_ID ? unknown(codePoint, count) : id;
      at += Character.charCount(codePoint);
    }
    return count == encoded.length ? encoded : Arrays.copyOf(encoded, count);
  }

  private int unknown(int codePoint, int offset) {
    if (unknownId == NO_ID) {
      throw new TokenizerException(
          "the tokenizer does not know the character %s at offset %d"
              .formatted(CodePoints.describe(codePoint), offset));
    }
    return unknownId;
  }

  @Override
  public String decode(int[] ids) {
    StringBuilder text = new StringBuilder(ids.length);
    for (int id : ids) {
      text.append(text(id));
    }
    return text.toString();
  }

  private String text(int id) {
    if (id < 0 || id >= codePoints.length) {
      throw new TokenizerException(
          "token id %d is outside the vocabulary; ids are 0 to %d"
              .formatted(id, codePoints.length - 1));
    }
    return codePoints[id] == NO_CHARACTER ? unknownToken : Character.toString(codePoints[id]);
  }

  @Override
  public TokenStream decoder() {
    return new CharacterTokenStream(this::text);
  }

  /** Anywhere: no character's id depends on another. */
  @Override
  public SafeCut cuts() {
    return SafeCut.ANYWHERE;
  }

  @Override
  public String toJson() {
    return CharacterJson.write(codePoints, unknownToken);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CharacterTokenizer that
        && Arrays.equals(codePoints, that.codePoints)
        && Objects.equals(unknownToken, that.unknownToken);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(codePoints), unknownToken);
  }

  @Override
  public String toString() {
    String unknown = unknownToken == null ? "" : ", unknown token \"" + unknownToken + "\"";
    return "CharacterTokenizer of " + codePoints.length + " tokens" + unknown;
  }

  private Object writeReplace() {
    return new Alphabet(codePoints, unknownToken);
  }

  /** What crosses the wire; the table of ids is built again where it arrives. */
  private record Alphabet(int[] codePoints, String unknownToken) implements Serializable {
    private Object readResolve() {
      return new CharacterTokenizer(codePoints, unknownToken);
    }
  }
}
