package org.kindling.tokenizer;

import static org.kindling.tokenizer.CharacterClass.LETTER;
import static org.kindling.tokenizer.CharacterClass.NUMBER;
import static org.kindling.tokenizer.CharacterClass.OTHER;
import static org.kindling.tokenizer.CharacterClass.SPACE;

/** {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}. */
final class Gpt2Scanner {
  private Gpt2Scanner() {}

  static int end(char[] text, int from, int to) {
    char first = text[from];
    if (first == '\'') {
      int contraction = contraction(text, from, to);
      if (contraction > from) {
        return contraction;
      }
    }
    int at = first == ' ' && from + 1 < to ? from + 1 : from;
    int bits = CharacterClass.at(text, at, to);
    if ((bits & SPACE) == 0) {
      return CharacterClass.skip(text, at, to, bits & (LETTER | NUMBER | OTHER));
    }
    return spaces(text, from, to);
  }

  /** {@code 's|'t|'re|'ve|'m|'ll|'d} at an apostrophe, or {@code from} if none stands there. */
  private static int contraction(char[] text, int from, int to) {
    if (from + 1 == to) {
      return from;
    }
    char second = text[from + 1];
    if (second == 's' || second == 't' || second == 'm' || second == 'd') {
      return from + 2;
    }
    if (from + 2 == to) {
      return from;
    }
    char third = text[from + 2];
    boolean isLong =
        (third == 'e' && (second == 'r' || second == 'v')) || (third == 'l' && second == 'l');
    return isLong ? from + 3 : from;
  }

  /**
   * {@code \s+(?!\S)|\s+}: white space, of which the last character is left to the word that
   * follows.
   */
  static int spaces(char[] text, int from, int to) {
    int end = CharacterClass.skip(text, from, to, SPACE);
    return end == to || end == from + 1 ? end : end - 1;
  }
}
