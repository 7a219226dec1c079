package org.kindling.tokenizer;

import java.io.Serializable;

/**
 * Where a text may be cut in two so that the ids of the parts, joined, are the ids of the whole,
 * whatever stands around the place. So the parts of a long document can be encoded by themselves.
 *
 * <p>Worked example: GPT-2's pattern never joins a letter with a blank after it, so {@code "to|
 * be"} may be cut; {@code "to |be"} may not, since {@code " be"} is one pre-token.
 */
@FunctionalInterface
public interface SafeCut extends Serializable {

  /**
   * Whether the text may be cut between two code points.
   *
   * @param beforeLast the code point before {@code last}, or -1 at the text's begin
   * @param last the code point before the place
   * @param next the code point behind it
   */
  boolean between(int beforeLast, int last, int next);

  /** Anywhere between two characters. */
  SafeCut ANYWHERE = (beforeLast, last, next) -> true;

  /** Behind each line's end. */
  SafeCut LINES = (beforeLast, last, next) -> last == '\n';

  /**
   * What all of GPT's patterns allow: a word or a number ends before white space; nothing but white
   * space holds a blank behind its first character; and a single line end between a character that
   * is not white space and a word or a number belongs to nothing that follows.
   */
  SafeCut WORDS =
      (beforeLast, last, next) -> {
        if (next == ' ') {
          return !CharacterClass.is(last, CharacterClass.SPACE);
        }
        if (last == '\n') {
          return beforeLast >= 0
              && !CharacterClass.is(beforeLast, CharacterClass.SPACE)
              && CharacterClass.is(next, CharacterClass.LETTER | CharacterClass.NUMBER);
        }
        return CharacterClass.is(last, CharacterClass.LETTER | CharacterClass.NUMBER)
            && CharacterClass.is(next, CharacterClass.SPACE);
      };

  /** Where either of two allows it. */
  default SafeCut or(SafeCut other) {
    return (beforeLast, last, next) ->
        between(beforeLast, last, next) || other.between(beforeLast, last, next);
  }
}
