package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** GPT-2's own vocabulary as {@code vocab.json} and {@code merges.txt}, made from its ranks. */
class Gpt2FilesTest {
  private static final int MERGES = 50_000;

  @Test
  void gpt2sVocabularyGivesTheIdsOfItsRanks() throws Exception {
    Map<String, Integer> ranks = ranks();
    String merges = mergesTxt(ranks);
    ranks.put("<|endoftext|>", 50256);

    Tokenizer files = TokenizerFiles.gpt2(vocabJson(ranks), merges);

    assertThat(merges.lines()).hasSize(1 + MERGES).contains("\u0120 t", "h e");
    assertThat(files.vocabularySize()).isEqualTo(50257);
    assertThat(files.endOfText()).hasValue(50256);
    for (String text : DifficultTexts.all()) {
      assertThat(files.encode(text)).as(text).isEqualTo(RankFiles.R50K.tokenizer().encode(text));
    }
  }

  private static String vocabJson(Map<String, Integer> ranks) throws JsonProcessingException {
    return new JsonMapper().writeValueAsString(ranks);
  }

  private static Map<String, Integer> ranks() {
    Map<String, Integer> ranks = new LinkedHashMap<>();
    RankFiles.R50K
        .lines()
        .lines()
        .map(line -> line.split(" "))
        .forEach(
            line ->
                ranks.put(
                    ByteCharacters.write(
                        Base64.getDecoder().decode(line[0].getBytes(StandardCharsets.US_ASCII))),
                    Integer.valueOf(line[1])));
    return ranks;
  }

  /** A token was made by merging the two that its bytes become with the merges before it. */
  private static String mergesTxt(Map<String, Integer> ranks) {
    StringBuilder merges = new StringBuilder("#version: 0.2\n");
    ranks.entrySet().stream()
        .filter(token -> token.getKey().length() > 1)
        .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .forEach(
            token -> {
              List<String> parts = partsBelow(token.getValue(), token.getKey(), ranks);
              assertThat(parts).hasSize(2);
              merges.append(String.join(" ", parts)).append('\n');
            });
    return merges.toString();
  }

  private static List<String> partsBelow(int limit, String token, Map<String, Integer> ranks) {
    List<String> parts = new ArrayList<>(List.of(token.split("")));
    while (true) {
      int lowest = limit;
      int at = -1;
      for (int i = 0; i + 1 < parts.size(); i++) {
        int rank = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), limit);
        if (rank < lowest) {
          lowest = rank;
          at = i;
        }
      }
      if (at < 0) {
        return parts;
      }
      parts.set(at, parts.get(at) + parts.remove(at + 1));
    }
  }
}
