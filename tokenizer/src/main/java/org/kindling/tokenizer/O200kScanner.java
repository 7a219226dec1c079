package org.kindling.tokenizer;

import static org.kindling.tokenizer.CharacterClass.LETTER;
import static org.kindling.tokenizer.CharacterClass.LINE_END;
import static org.kindling.tokenizer.CharacterClass.LOWER;
import static org.kindling.tokenizer.CharacterClass.NUMBER;
import static org.kindling.tokenizer.CharacterClass.UPPER;

/**
 * o200k's pattern, with U for {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]}, W for {@code
 * [\p{Ll}\p{Lm}\p{Lo}\p{M}]}, P for {@code [^\r\n\p{L}\p{N}]} and S for {@code
 * (?i:'s|'t|'re|'ve|'m|'ll|'d)}: {@code P?U*W+S?|P?U+W*S?|\p{N}{1,3}|
 * ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+}.
 *
 * <p>Worked example: {@code "HTMLParser"} is one pre-token, since {@code U*} takes {@code HTMLP}
 * and {@code W+} the rest; {@code "parseHTML"} is {@code parse} and {@code HTML}.
 */
final class O200kScanner {
  private O200kScanner() {}

  static int end(char[] text, int from, int to) {
    int bits = CharacterClass.at(text, from, to);
    int word = word(text, from, to, bits);
    if (word > from) {
      int contraction =
          word < to && text[word] == '\'' ? Gpt4Scanner.contraction(text, word, to) : word;
      return contraction;
    }
    if ((bits & NUMBER) != 0) {
      return Gpt4Scanner.digits(text, from, to, 3);
    }
    int end = Gpt4Scanner.others(text, from, to);
    if (end > from) {
      while (end < to && (text[end] == '/' || text[end] == '\r' || text[end] == '\n')) {
        end++;
      }
      return end;
    }
    return Gpt4Scanner.spaces(text, from, to);
  }

  /** The end of {@code P?U*W+|P?U+W*}, or {@code from}; the order of tries is a regex engine's. */
  private static int word(char[] text, int from, int to, int bits) {
    boolean hasPrefix = (bits & (LINE_END | LETTER | NUMBER)) == 0;
    int second = hasPrefix ? from + CharacterClass.length(text, from, to) : from;
    if (hasPrefix) {
      int end = endsLow(text, second, to);
      if (end > second) {
        return end;
      }
    }
    int end = endsLow(text, from, to);
    if (end > from) {
      return end;
    }
    // No W follows U+ here, or the first try had found it.
    if (hasPrefix) {
      end = CharacterClass.skip(text, second, to, UPPER);
      if (end > second) {
        return end;
      }
    }
    return CharacterClass.skip(text, from, to, UPPER);
  }

  /** The end of {@code U*W+}, or {@code from}. */
  private static int endsLow(char[] text, int from, int to) {
    int upper = CharacterClass.skip(text, from, to, UPPER);
    if (upper < to && (CharacterClass.at(text, upper, to) & LOWER) != 0) {
      return CharacterClass.skip(text, upper, to, LOWER);
    }
    // U* has to give back up to its last character that is a W, too.
    for (int i = upper; i > from; ) {
      int before = i - (isPairBefore(text, from, i) ? 2 : 1);
      if ((CharacterClass.at(text, before, to) & LOWER) != 0) {
        return i;
      }
      i = before;
    }
    return from;
  }

  private static boolean isPairBefore(char[] text, int from, int at) {
    return at - from >= 2
        && Character.isLowSurrogate(text[at - 1])
        && Character.isHighSurrogate(text[at - 2]);
  }
}
