package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each character that Java knows, between characters of every class, is cut from them by the
 * library as by us. The vocabulary shows it: each of those neighbours, {@code aA1!' \n/}, merges
 * with any byte before or after it, unless a cut is between them.
 */
class CharacterClassesTest {
  private static final String NEIGHBOURS = "aA1!' \n/";

  /** Beyond this are ideographs and other planes without letters of note. */
  private static final int END = 0x1FC00;

  @ParameterizedTest
  @EnumSource
  void everyCharacterIsOfTheSameClass(PreTokenPattern pattern) {
    Tokenizer ours = tellingTokenizer(pattern);
    try (HuggingFace theirs = HuggingFace.load(ours.toJson())) {
      for (int from = 0; from < END; from += 256) {
        String text = amongNeighbours(from, from + 256);
        assertThat(theirs.encode(text)).as("from U+%04X", from).isEqualTo(ours.encode(text));
      }
    }
  }

  private static String amongNeighbours(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int codePoint = from; codePoint < to; codePoint++) {
      int type = Character.getType(codePoint);
      if (type != Character.UNASSIGNED
          && type != Character.SURROGATE
          && type != Character.PRIVATE_USE
          && !isOneOfMany(codePoint)) {
        String c = Character.toString(codePoint);
        text.append(
            "a%1$sa1%1$s1!%1$s! %1$s A%1$sA'%1$sl '%1$s%1$se'l%1$sa\n%1$s/%1$s\n".formatted(c));
      }
    }
    return text.toString();
  }

  /** Ideographs, syllables and pictures by the thousand, of which a few will do. */
  private static boolean isOneOfMany(int codePoint) {
    int type = Character.getType(codePoint);
    boolean isOther = type == Character.OTHER_LETTER || type == Character.OTHER_SYMBOL;
    return codePoint >= 0x3400 && isOther && codePoint % 37 != 0;
  }

  /** The tokenizer whose ids show where text is cut. */
  static Tokenizer tellingTokenizer(PreTokenPattern pattern) {
    List<byte[]> tokens = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      tokens.add(new byte[] {(byte) value});
    }
    List<BytePairVocabulary.Merge> merges = new ArrayList<>();
    for (int neighbour : NEIGHBOURS.chars().toArray()) {
      for (int value = 0; value < 256; value++) {
        merge(neighbour, value, tokens, merges);
      }
    }
    for (int neighbour : NEIGHBOURS.chars().toArray()) {
      for (int value = 0x80; value < 0xC0; value++) {
        merge(value, neighbour, tokens, merges);
      }
    }
    return new BytePairTokenizer(
        BytePairVocabulary.of(tokens.toArray(byte[][]::new), merges, Map.of(), pattern, false));
  }

  private static void merge(
      int left, int right, List<byte[]> tokens, List<BytePairVocabulary.Merge> merges) {
    merges.add(new BytePairVocabulary.Merge(left, right, tokens.size(), merges.size()));
    tokens.add(new byte[] {(byte) left, (byte) right});
  }
}
