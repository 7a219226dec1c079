package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A cut that is allowed changes no id; and where texts are real ones, some cut is allowed. */
class SafeCutTest {
  private static final Map<PreTokenPattern, Tokenizer> TOKENIZERS =
      new EnumMap<>(PreTokenPattern.class);

  @Property(tries = 2000, seed = "2000")
  void anAllowedCutChangesNoId(@ForAll PreTokenPattern pattern, @ForAll("nastyTexts") String text) {
    Tokenizer tokenizer = tokenizer(pattern);
    int[] whole = tokenizer.encode(text);

    for (int at : cuts(tokenizer.cuts(), text)) {
      int[] left = tokenizer.encode(text.substring(0, at));
      int[] right = tokenizer.encode(text.substring(at));

      assertThat(concatenated(left, right)).as("cut at %d", at).isEqualTo(whole);
    }
  }

  /** "Whatever stands around": both parts may themselves be pieces of something longer. */
  @Property(tries = 2000, seed = "2000")
  void allCutsAtOnceChangeNoPreToken(
      @ForAll PreTokenPattern pattern, @ForAll("nastyTexts") String text) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    for (int at : cuts(pattern.cuts(), text)) {
      pieces.addAll(PreTokenPatternTest.cut(pattern, text.substring(from, at)));
      from = at;
    }
    pieces.addAll(PreTokenPatternTest.cut(pattern, text.substring(from)));

    assertThat(pieces).isEqualTo(PreTokenPatternTest.cut(pattern, text));
  }

  @Provide
  Arbitrary<String> nastyTexts() {
    return NastyTexts.all();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void realTextsCanBeCutOften(PreTokenPattern pattern) {
    SafeCut cuts = pattern.cuts();

    assertThat(cuts(cuts, "To be, or not to be:\nthat is the question.")).hasSizeGreaterThan(5);
    assertThat(cuts(cuts, "first line\r\nsecond\r\n\r\nthird, after one more"))
        .hasSizeGreaterThan(4);
    assertThat(cuts(cuts, "\u4F60\u597D\uFF0C\u4E16\u754C\u3002\n\u518D\u89C1\u3002\n\u5B8C\n"))
        .hasSizeGreaterThanOrEqualTo(2);
    assertThat(cuts(cuts, "int f(int x) {\n\treturn x;\n}\n\nint g;\n")).hasSizeGreaterThan(3);
    assertThat(cuts(cuts, "caf\u00E9 \uD83D\uDE00 cr\u00E8me")).hasSize(2);
  }

  @Test
  void withoutAPatternEachLineIsCutOff() {
    assertThat(cuts(PreTokenPattern.NONE.cuts(), "one\r\n\ntwo\nthree")).containsExactly(5, 6, 10);
  }

  @Test
  void whiteSpaceIsNotCutFromTheWordThatItMayBelongTo() {
    for (PreTokenPattern pattern : PreTokenPattern.values()) {
      assertThat(pattern.cuts().between('o', ' ', 'b')).as("%s", pattern).isFalse();
      assertThat(pattern.cuts().between(' ', ' ', 'b')).as("%s", pattern).isFalse();
      assertThat(pattern.cuts().between('o', ' ', ' ')).as("%s", pattern).isFalse();
    }
  }

  @Property(seed = "1")
  void charactersAreCutAnywhere(@ForAll("nastyTexts") String text) {
    String alphabet = text + "x";
    Tokenizer tokenizer =
        CharacterTokenizer.of(alphabet.codePoints().sorted().distinct().toArray());

    List<Integer> cuts = cuts(tokenizer.cuts(), text);

    assertThat(cuts).hasSize(Math.max(0, text.codePointCount(0, text.length()) - 1));
    for (int at : cuts) {
      assertThat(
              concatenated(
                  tokenizer.encode(text.substring(0, at)), tokenizer.encode(text.substring(at))))
          .isEqualTo(tokenizer.encode(text));
    }
  }

  /** Every place between two code points where the rule allows a cut. */
  private static List<Integer> cuts(SafeCut rule, String text) {
    List<Integer> places = new ArrayList<>();
    int beforeLast = -1;
    int last = -1;
    for (int at = 0; at < text.length(); ) {
      int next = text.codePointAt(at);
      if (at > 0 && rule.between(beforeLast, last, next)) {
        places.add(at);
      }
      beforeLast = last;
      last = next;
      at += Character.charCount(next);
    }
    return places;
  }

  private static int[] concatenated(int[] left, int[] right) {
    return IntStream.concat(IntStream.of(left), IntStream.of(right)).toArray();
  }

  /** GPT-4's tokens, cut in each of the ways; its many long tokens show where a cut was wrong. */
  private static synchronized Tokenizer tokenizer(PreTokenPattern pattern) {
    return TOKENIZERS.computeIfAbsent(
        pattern, p -> TokenizerFiles.tiktoken(RankFiles.CL100K.lines(), p, Map.of()));
  }
}
