package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kindling.tokenizer.BytePairVocabulary.Merge;

class BytePairVocabularyTest {

  @Test
  void whatGoesInComesOut() {
    List<Merge> merges = List.of(new Merge('h', 'e', 256, 0), new Merge(256, 'y', 257, 1));
    BytePairVocabulary vocabulary =
        BytePairVocabulary.of(
            tokens("he", "hey"),
            merges,
            Map.of("<|b|>", 300, "<|a|>", 259),
            PreTokenPattern.O200K,
            true);

    assertThat(vocabulary.size()).isEqualTo(301);
    assertThat(vocabulary.bytes(257)).asString(StandardCharsets.UTF_8).isEqualTo("hey");
    assertThat(vocabulary.merges()).containsExactlyElementsOf(merges);
    assertThat(vocabulary.specialTokens())
        .containsExactly(Map.entry("<|a|>", 259), Map.entry("<|b|>", 300));
    assertThat(vocabulary.pattern()).isEqualTo(PreTokenPattern.O200K);
    assertThat(vocabulary.wholeTokensFirst()).isTrue();
  }

  @Test
  void nothingOfItCanBeChangedFromOutside() {
    byte[][] tokens = tokens("he");
    BytePairVocabulary vocabulary =
        BytePairVocabulary.fromRanks(tokens, Map.of("<|a|>", 300), PreTokenPattern.GPT2);

    tokens[256][0] = 'x';
    vocabulary.bytes(256)[1] = 'x';

    assertThat(vocabulary.bytes(256)).containsExactly('h', 'e');
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> vocabulary.specialTokens().put("<|b|>", 301));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> vocabulary.merges().remove(0));
  }

  @Test
  void ranksMeanTheirMerges() {
    BytePairVocabulary vocabulary =
        BytePairVocabulary.fromRanks(tokens("he", "hey"), Map.of(), PreTokenPattern.GPT2);

    assertThat(vocabulary.merges())
        .contains(new Merge('h', 'e', 256, 256), new Merge(256, 'y', 257, 257));
    assertThat(vocabulary.wholeTokensFirst()).isTrue();
  }

  @Test
  void vocabulariesAreEqualIfAllOfThemIs() {
    BytePairVocabulary vocabulary = ranks(Map.of("<|a|>", 300), PreTokenPattern.GPT2, "he");

    assertThat(vocabulary)
        .isEqualTo(ranks(Map.of("<|a|>", 300), PreTokenPattern.GPT2, "he"))
        .hasSameHashCodeAs(ranks(Map.of("<|a|>", 300), PreTokenPattern.GPT2, "he"))
        .isNotEqualTo(ranks(Map.of("<|a|>", 301), PreTokenPattern.GPT2, "he"))
        .isNotEqualTo(ranks(Map.of("<|a|>", 300), PreTokenPattern.GPT4, "he"))
        .isNotEqualTo(ranks(Map.of("<|a|>", 300), PreTokenPattern.GPT2, "hy"));
  }

  private static BytePairVocabulary ranks(
      Map<String, Integer> specials, PreTokenPattern pattern, String... more) {
    return BytePairVocabulary.fromRanks(tokens(more), specials, pattern);
  }

  @Test
  void everyByteNeedsAToken() {
    byte[][] tokens = tokens("he");
    tokens[0x7A] = null;

    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> BytePairVocabulary.fromRanks(tokens, Map.of(), PreTokenPattern.GPT2))
        .withMessageContaining("0x7A");
  }

  @Test
  void aMergeMustBeOfTokensAndGiveTheirBytes() {
    refused(new Merge('h', 400, 256, 0), "400");
    refused(new Merge(-1, 'e', 256, 0), "-1");
    refused(new Merge('h', 'e', 258, 0), "258");
    refused(new Merge('h', 'y', 256, 7), "7", "104", "121", "256");
  }

  private static void refused(Merge merge, String... named) {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(
            () ->
                BytePairVocabulary.of(
                    tokens("he", "hey"), List.of(merge), Map.of(), PreTokenPattern.GPT2, false))
        .satisfies(e -> assertThat(e.getMessage()).contains(named).doesNotContain("\n"));
  }

  @Test
  void aSpecialTokenNeedsATextAndAnId() {
    refusedSpecial("", 300);
    refusedSpecial("<|a|>", -5);
  }

  @Test
  void noTwoTokensHaveTheSameId() {
    refusedSpecial("<|a|>", 97);
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(
            () ->
                BytePairVocabulary.fromRanks(
                    tokens(), Map.of("<|a|>", 300, "<|b|>", 300), PreTokenPattern.GPT2))
        .withMessageContaining("<|a|>")
        .withMessageContaining("<|b|>")
        .withMessageContaining("300");
  }

  private static void refusedSpecial(String name, int id) {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(
            () -> BytePairVocabulary.fromRanks(tokens(), Map.of(name, id), PreTokenPattern.GPT2))
        .withMessageContaining(String.valueOf(id));
  }

  private static byte[][] tokens(String... more) {
    List<byte[]> tokens = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      tokens.add(new byte[] {(byte) value});
    }
    for (String token : more) {
      tokens.add(token.getBytes(StandardCharsets.UTF_8));
    }
    return tokens.toArray(byte[][]::new);
  }
}
