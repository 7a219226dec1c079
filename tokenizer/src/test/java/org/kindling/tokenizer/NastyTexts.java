package org.kindling.tokenizer;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/**
 * Texts made of fragments that tokenizers stumble over: characters of all categories, emoji
 * sequences, halves of surrogate pairs, runs, line ends of all systems, words that change case.
 */
final class NastyTexts {
  private static final String[] WORDS = {
    "the",
    " quick",
    " Brown",
    "McDonald",
    "HTTPServer",
    "camelCase",
    "\u01C5ungla",
    "\u0130stanbul",
    "stra\u00DFe",
    "\u1E9E",
    "na\u00EFve",
    "e\u0301",
    "\u4F60\u597D",
    "\u3053\u3093\u306B\u3061\u306F",
    "\uC548\uB155",
    "\u05E9\u05DC\u05D5\u05DD",
    "\u0928\u092E\u0938\u094D\u0924\u0947",
    "\u02B0x",
    "\u00AA",
    "\uD835\uDC00\uD835\uDC1A",
    "\uD801\uDC00\uD801\uDC28",
    "\u0345A",
    "A\u0301B",
    "x\u0903",
    " antidisestablishmentarianism",
    "<|endoftext|>",
    "\u216B",
    "\u00BD",
    "\u0663",
    "\uD835\uDFD8"
  };

  private static final String[] CUTS = {
    " ", "  ", "\t", "\n", "\r", "\r\n", "\n\n", " \n", "\n ", "\r\n\t", "\u000B", "\f", "\u0085",
    "\u00A0", "\u1680", "\u180E", "\u2003", "\u2028", "\u2029", "\u202F", "\u3000", "\u200B",
    "\u001C", "\u001F", "\u0000", "'", "''", "'s", "'S", "'\u017F", "'t", "'RE", "'ve", "'lL", "'l",
    "'d", "'m", "\u2019s", "!", "/", "//\n", "...", "?!\r\n", "#", "_", "\"", "0", "42", "1234",
    "3.14", "\uFEFF", "\u0301", "\u20DD", "\uFE0F", "\u200D"
  };

  private static final String[] EMOJI = {
    "\uD83D\uDE00",
    "\uD83D\uDC4D\uD83C\uDFFD",
    "\uD83C\uDDE9\uD83C\uDDEA",
    "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
    "\u2764\uFE0F",
    "\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62\uDB40\uDC7F",
    "1\uFE0F\u20E3"
  };

  private static final String[] HALVES = {
    "\uD83D", "\uDE00", "\uDFFF\uD800", "\uDBFF", "\uDC00\uDC00"
  };

  private NastyTexts() {}

  /** Texts that UTF-16 allows. */
  static Arbitrary<String> valid() {
    return texts(List.of(words(), cuts(), emoji(), codePoints(), letters(), runs()));
  }

  /** The same with halves of surrogate pairs among them. */
  static Arbitrary<String> all() {
    return texts(
        List.of(words(), cuts(), emoji(), codePoints(), letters(), runs(), Arbitraries.of(HALVES)));
  }

  private static Arbitrary<String> texts(List<Arbitrary<String>> fragments) {
    return Arbitraries.oneOf(fragments).list().ofMaxSize(24).map(parts -> String.join("", parts));
  }

  private static Arbitrary<String> words() {
    return Arbitraries.of(WORDS);
  }

  private static Arbitrary<String> cuts() {
    return Arbitraries.of(CUTS);
  }

  private static Arbitrary<String> emoji() {
    return Arbitraries.of(EMOJI);
  }

  /** Any character but a surrogate, assigned or not. */
  private static Arbitrary<String> codePoints() {
    return Arbitraries.oneOf(
            Arbitraries.integers().between(0, 0x3FF),
            Arbitraries.integers().between(0, 0xD7FF),
            Arbitraries.integers().between(0xE000, 0x1FFFF),
            Arbitraries.integers().between(0x20000, Character.MAX_CODE_POINT))
        .map(Character::toString);
  }

  private static Arbitrary<String> letters() {
    return Arbitraries.strings().withChars("aAbBzZ'\u00E9 \n").ofMaxLength(12);
  }

  /** Long enough for both ways of merging. */
  private static Arbitrary<String> runs() {
    return Arbitraries.oneOf(words(), cuts(), emoji(), Arbitraries.of("a", "A", "=", "ab"))
        .flatMap(part -> Arbitraries.integers().between(2, 90).map(part::repeat));
  }
}
