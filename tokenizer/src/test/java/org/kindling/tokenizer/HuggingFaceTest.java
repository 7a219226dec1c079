package org.kindling.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.tokenizer.CharacterTokenizerTest.alphabetOf;
import static org.kindling.tokenizer.CharacterTokenizerTest.codePoints;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.tokenizer.learning.BytePairLearner;

/** The Hugging Face library itself loads our files and does the same with them. */
class HuggingFaceTest {

  @Test
  void aCharacterTokenizerGivesTheSameIdsAndText() {
    String text = "ROMEO:\nBut soft!  What light\t\u00E9\u00FC \uD83D\uDE00\uD83D\uDE00 \"\\'\n\n";
    Tokenizer ours = alphabetOf(text);

    try (HuggingFace theirs = HuggingFace.load(ours.toJson())) {
      assertThat(theirs.encode(text)).isEqualTo(ours.encode(text));
      assertThat(theirs.decode(ours.encode(text))).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<unk>", "?", "\uFFFD", "a", "[some long token]"})
  void aRestrictedCharacterTokenizerGivesTheSameIdsForWhatItLacks(String unknownToken) {
    Tokenizer ours = CharacterTokenizer.of(codePoints("abc <>\n"), unknownToken);

    try (HuggingFace theirs = HuggingFace.load(ours.toJson())) {
      for (String text : List.of("abxyc", "xyz", "\uD83D\uDE00\u00E9a\u0301\n\n<unk> ?a?", "")) {
        int[] ids = ours.encode(text);
        assertThat(theirs.encode(text)).isEqualTo(ids);
        assertThat(theirs.decode(ids)).isEqualTo(ours.decode(ids));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void rankFilesGiveTheSameIdsAndText(RankFiles file) {
    String special = " <|endoftext|><|endofprompt|> <|fim_prefix|>\n\n<|endoftext|";

    same(file.tokenizer(), file.specialTokens().keySet(), special);
  }

  @ParameterizedTest
  @EnumSource
  void everyPatternGivesTheSameIdsAndText(PreTokenPattern pattern) {
    Map<String, Integer> specials = Map.of("<|endoftext|>", 50256, "<a>", 50257, "<a><b>", 50258);
    Tokenizer ours = TokenizerFiles.tiktoken(RankFiles.R50K.lines(), pattern, specials);

    same(ours, specials.keySet(), "a <a><a><b><b>  <a>\n<|endoftext|>s");
  }

  /** As in a program for graphics cards. The library passes over a merge "#version ..." as text. */
  @Test
  void aTokenThatLooksLikeTheHeadOfAMergesFile() {
    String text = "#version 330 core\n#versions of #version 330 core";
    PreTokenCounts counts = new PreTokenCounts();
    for (String line : List.of("#version", "#versions", "#version 330")) {
      counts.add(line.getBytes(UTF_8), 0, line.length(), 5);
    }
    Tokenizer ours =
        new BytePairTokenizer(
            BytePairLearner.learn(counts, 290, List.of(), PreTokenPattern.NONE, (done, of) -> {}));

    try (HuggingFace theirs = HuggingFace.load(ours.toJson())) {
      assertThat(theirs.encode(text)).isEqualTo(ours.encode(text));
    }
    assertThat(Tokenizer.fromJson(ours.toJson()).encode(text)).isEqualTo(ours.encode(text));
  }

  /** The library finds special tokens in every text; ours only where they are allowed. */
  private static void same(Tokenizer ours, Set<String> specials, String withSpecials) {
    try (HuggingFace theirs = HuggingFace.load(ours.toJson())) {
      assertThat(theirs.encode(withSpecials))
          .isEqualTo(ours.encodeWithSpecials(withSpecials, specials))
          .isNotEqualTo(ours.encode(withSpecials));
      for (String text : DifficultTexts.all()) {
        int[] ids = ours.encode(text);
        assertThat(theirs.encode(text)).as(text).isEqualTo(ids);
        assertThat(theirs.decode(ids)).isEqualTo(text).isEqualTo(ours.decode(ids));
      }
    }
  }
}
