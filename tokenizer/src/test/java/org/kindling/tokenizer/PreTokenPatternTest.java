package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scanners against Java's regular expressions, and examples to read. */
class PreTokenPatternTest {
  private static final Map<PreTokenPattern, Pattern> REGEXES = new EnumMap<>(PreTokenPattern.class);

  static {
    for (PreTokenPattern pattern : PreTokenPattern.values()) {
      REGEXES.put(pattern, Pattern.compile(pattern.regex(), Pattern.UNICODE_CHARACTER_CLASS));
    }
  }

  @Test
  void eachPatternCutsInItsOwnWay() {
    String text = "We'LL see McDonald's:\n\n  12345 /// ok";

    assertThat(cut(PreTokenPattern.GPT2, text))
        .containsExactly(
            "We", "'", "LL", " see", " McDonald", "'s", ":", "\n\n ", " 12345", " ///", " ok");
    assertThat(cut(PreTokenPattern.GPT4, text))
        .containsExactly(
            "We", "'LL", " see", " McDonald", "'s", ":\n\n", " ", " ", "123", "45", " ///", " ok");
    assertThat(cut(PreTokenPattern.O200K, text))
        .containsExactly(
            "We'LL", " see", " Mc", "Donald's", ":\n\n", " ", " ", "123", "45", " ///", " ok");
    assertThat(cut(PreTokenPattern.QWEN2, text))
        .containsExactly(
            "We",
            "'LL",
            " see",
            " McDonald",
            "'s",
            ":\n\n",
            " ",
            " ",
            "1",
            "2",
            "3",
            "4",
            "5",
            " ///",
            " ok");
    assertThat(cut(PreTokenPattern.NONE, text))
        .containsExactly("We'LL see McDonald's:\n", "\n", "  12345 /// ok");
  }

  @Property(tries = 5000, seed = "5000")
  void theScannerDoesWhatTheRegularExpressionSays(
      @ForAll PreTokenPattern pattern, @ForAll("nastyTexts") String text) {
    assertThat(cut(pattern, text)).isEqualTo(cutByRegex(pattern, text));
  }

  @Provide
  Arbitrary<String> nastyTexts() {
    return NastyTexts.all();
  }

  @ParameterizedTest
  @EnumSource
  void everyCharacterIsInTheClassThatTheRegularExpressionSays(PreTokenPattern pattern) {
    for (int from = 0; from <= Character.MAX_CODE_POINT; from += 1024) {
      StringBuilder text = new StringBuilder();
      // Behind the second plane are ideographs by the ten thousand, and then hardly anything.
      int step = from < 0x20000 ? 1 : 61;
      for (int codePoint = from; codePoint < from + 1024; codePoint += step) {
        String c = Character.toString(codePoint);
        text.append("a%1$sB%1$s1%1$s %1$s!%1$s/'%1$sl '%1$se\n%1$s".formatted(c));
      }
      assertThat(cut(pattern, text.toString())).isEqualTo(cutByRegex(pattern, text.toString()));
    }
  }

  /** What is outside a range of an array is not part of the text, before it or behind it. */
  @Property(edgeCases = EdgeCasesMode.NONE)
  void onlyTheRangeIsLookedAt(
      @ForAll PreTokenPattern pattern,
      @ForAll("nastyTexts") String before,
      @ForAll("nastyTexts") String text,
      @ForAll("nastyTexts") String behind) {
    char[] all = (before + text + behind).toCharArray();
    int from = before.length();

    assertThat(cut(pattern, all, from, from + text.length())).isEqualTo(cut(pattern, text));
  }

  @ParameterizedTest
  @EnumSource
  void aPatternIsFoundByItsLabel(PreTokenPattern pattern) {
    assertThat(PreTokenPattern.of(pattern.label())).isEqualTo(pattern);
  }

  @Test
  void anUnknownLabelIsRefusedWithTheKnownOnes() {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> PreTokenPattern.of("gpt3"))
        .withMessageContaining("gpt3")
        .withMessageContaining("gpt2, gpt4, o200k, qwen2, none");
  }

  static List<String> cut(PreTokenPattern pattern, String text) {
    return cut(pattern, text.toCharArray(), 0, text.length());
  }

  private static List<String> cut(PreTokenPattern pattern, char[] text, int from, int to) {
    List<String> preTokens = new ArrayList<>();
    for (int at = from; at < to; ) {
      int end = pattern.end(text, at, to);
      assertThat(end).isGreaterThan(at).isLessThanOrEqualTo(to);
      preTokens.add(new String(text, at, end - at));
      at = end;
    }
    return preTokens;
  }

  private static List<String> cutByRegex(PreTokenPattern pattern, String text) {
    List<String> preTokens = new ArrayList<>();
    Matcher matcher = REGEXES.get(pattern).matcher(text);
    while (matcher.find()) {
      preTokens.add(matcher.group());
    }
    return preTokens;
  }
}
