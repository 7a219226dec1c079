package org.kindling.tokenizer;

import static org.kindling.tokenizer.CharacterClass.LETTER;
import static org.kindling.tokenizer.CharacterClass.LINE_END;
import static org.kindling.tokenizer.CharacterClass.NUMBER;
import static org.kindling.tokenizer.CharacterClass.OTHER;
import static org.kindling.tokenizer.CharacterClass.SPACE;

/**
 * {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
 * ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}, with another number of digits, too.
 */
final class Gpt4Scanner {
  private Gpt4Scanner() {}

  static int end(char[] text, int from, int to, int digits) {
    int bits = CharacterClass.at(text, from, to);
    if ((bits & LETTER) != 0) {
      return CharacterClass.skip(text, from, to, LETTER);
    }
    if ((bits & NUMBER) != 0) {
      return digits(text, from, to, digits);
    }
    if (text[from] == '\'') {
      int contraction = contraction(text, from, to);
      if (contraction > from) {
        return contraction;
      }
    }
    if ((bits & LINE_END) == 0) {
      int second = from + CharacterClass.length(text, from, to);
      if (second < to && (CharacterClass.at(text, second, to) & LETTER) != 0) {
        return CharacterClass.skip(text, second, to, LETTER);
      }
    }
    int others = others(text, from, to);
    if (others > from) {
      return CharacterClass.skip(text, others, to, LINE_END);
    }
    return spaces(text, from, to);
  }

  /** {@code \p{N}{1,most}}. */
  static int digits(char[] text, int from, int to, int most) {
    int end = from;
    for (int i = 0; i < most && end < to && (CharacterClass.at(text, end, to) & NUMBER) != 0; i++) {
      end += CharacterClass.length(text, end, to);
    }
    return end;
  }

  /** {@code ?[^\s\p{L}\p{N}]+} with its optional blank, or {@code from} if that is not there. */
  static int others(char[] text, int from, int to) {
    int at = text[from] == ' ' ? from + 1 : from;
    int end = CharacterClass.skip(text, at, to, OTHER);
    return end > at ? end : from;
  }

  /** {@code \s*[\r\n]+|\s+(?!\S)|\s+}: up to the last line end, if there is one. */
  static int spaces(char[] text, int from, int to) {
    int end = CharacterClass.skip(text, from, to, SPACE);
    for (int i = end - 1; i >= from; i--) {
      if (text[i] == '\n' || text[i] == '\r') {
        return i + 1;
      }
    }
    return end == to || end == from + 1 ? end : end - 1;
  }

  /**
   * {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)} at an apostrophe, or {@code from} if none stands there.
   * Without regard to case, the long s (U+017F) is an s.
   */
  static int contraction(char[] text, int from, int to) {
    if (from + 1 >= to) {
      return from;
    }
    int second = lower(text[from + 1]);
    if (second == 's' || second == 't' || second == 'm' || second == 'd') {
      return from + 2;
    }
    if (from + 2 >= to) {
      return from;
    }
    int third = lower(text[from + 2]);
    boolean isLong =
        (third == 'e' && (second == 'r' || second == 'v')) || (third == 'l' && second == 'l');
    return isLong ? from + 3 : from;
  }

  private static int lower(char c) {
    if (c == '\u017F') {
      return 's';
    }
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }
}
