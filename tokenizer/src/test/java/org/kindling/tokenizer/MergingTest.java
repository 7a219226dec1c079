package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.kindling.tokenizer.BytePairVocabulary.Merge;

/**
 * Merging against its definition, written down without a thought for speed. Vocabularies of a few
 * letters are dense: nearly every pair merges, and everything depends on the order.
 */
class MergingTest {
  private static final int BYTES = 256;

  @Test
  void theLeftmostOfEqualPairsMergesFirst() {
    List<Merge> merges = List.of(new Merge('a', 'a', BYTES, 0));
    Tokenizer tokenizer = tokenizer(tokens("aa"), merges, false);

    assertThat(tokenizer.encode("aaa")).containsExactly(BYTES, 'a');
    assertThat(tokenizer.encode("a".repeat(2001))).hasSize(1001).endsWith(BYTES, 'a');
  }

  /** {@code bc} comes first, so {@code abc} is never reached by merges, only as a whole. */
  @Test
  void aWholeTokenIsTakenFirstOnlyIfTheVocabularySaysSo() {
    List<Merge> merges =
        List.of(
            new Merge('b', 'c', BYTES, 0),
            new Merge('a', 'b', BYTES + 1, 1),
            new Merge(BYTES + 1, 'c', BYTES + 2, 2));
    byte[][] tokens = tokens("bc", "ab", "abc");

    assertThat(tokenizer(tokens, merges, false).encode("abc")).containsExactly('a', BYTES);
    assertThat(tokenizer(tokens, merges, true).encode("abc")).containsExactly(BYTES + 2);
    assertThat(tokenizer(tokens, merges, true).encode("abcx")).containsExactly('a', BYTES, 'x');
  }

  @Property(seed = "1")
  void mergesGoByRankAndThenFromTheLeft(
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed,
      @ForAll boolean wholeTokensFirst,
      @ForAll("letters") String text) {
    List<byte[]> tokens = new ArrayList<>(List.of(tokens()));
    List<Merge> merges = randomMerges(new Random(seed), tokens);

    int[] ids = tokenizer(tokens.toArray(byte[][]::new), merges, wholeTokensFirst).encode(text);

    assertThat(ids).isEqualTo(mergedByDefinition(text, tokens, merges, wholeTokensFirst));
  }

  /** Ranks in any order, parts after the whole, tokens that no merges reach. */
  @Property(seed = "1")
  void ranksMergeAnyTwoThatAreATokenTogether(
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed, @ForAll("letters") String text) {
    Random random = new Random(seed);
    List<byte[]> tokens = new ArrayList<>(List.of(tokens()));
    Set<String> longer = new HashSet<>();
    while (longer.size() < 40) {
      StringBuilder token = new StringBuilder();
      int length = 2 + random.nextInt(5);
      while (token.length() < length) {
        token.append((char) ('a' + random.nextInt(3)));
      }
      if (longer.add(token.toString())) {
        tokens.add(bytes(token.toString()));
      }
    }
    BytePairVocabulary vocabulary =
        BytePairVocabulary.fromRanks(tokens.toArray(byte[][]::new), Map.of(), PreTokenPattern.NONE);

    assertThat(new BytePairTokenizer(vocabulary).encode(text))
        .isEqualTo(mergedByRanks(text, tokens));
  }

  /** Up to several times the length from which on pieces are merged in another way. */
  @Provide
  Arbitrary<String> letters() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withChars("abc").ofMaxLength(12),
        Arbitraries.strings().withChars("ab").ofMinLength(30).ofMaxLength(300),
        Arbitraries.strings().withChars("aaab").ofMinLength(30).ofMaxLength(300));
  }

  private static List<Merge> randomMerges(Random random, List<byte[]> tokens) {
    List<Merge> merges = new ArrayList<>();
    List<Integer> parts = new ArrayList<>(List.of((int) 'a', (int) 'b', (int) 'c'));
    Set<String> known = new HashSet<>();
    while (merges.size() < 40) {
      int left = parts.get(random.nextInt(parts.size()));
      int right = parts.get(random.nextInt(parts.size()));
      byte[] joined = bytes(string(tokens.get(left)) + string(tokens.get(right)));
      if (joined.length <= 12 && known.add(string(joined))) {
        merges.add(new Merge(left, right, tokens.size(), merges.size()));
        parts.add(tokens.size());
        tokens.add(joined);
      }
    }
    return merges;
  }

  private static int[] mergedByDefinition(
      String text, List<byte[]> tokens, List<Merge> merges, boolean wholeTokensFirst) {
    if (wholeTokensFirst) {
      for (int id = 0; id < tokens.size(); id++) {
        if (string(tokens.get(id)).equals(text)) {
          return new int[] {id};
        }
      }
    }
    List<Integer> ids = new ArrayList<>(text.chars().boxed().toList());
    while (true) {
      Merge best = null;
      int place = -1;
      for (int at = 0; at + 1 < ids.size(); at++) {
        for (Merge merge : merges) {
          if (merge.left() == ids.get(at)
              && merge.right() == ids.get(at + 1)
              && (best == null || merge.rank() < best.rank())) {
            best = merge;
            place = at;
          }
        }
      }
      if (best == null) {
        return ids.stream().mapToInt(id -> id).toArray();
      }
      ids.set(place, best.result());
      ids.remove(place + 1);
    }
  }

  private static int[] mergedByRanks(String text, List<byte[]> tokens) {
    List<String> known = tokens.stream().map(MergingTest::string).toList();
    if (known.contains(text)) {
      return new int[] {known.indexOf(text)};
    }
    List<String> parts = new ArrayList<>(text.chars().mapToObj(Character::toString).toList());
    while (true) {
      int best = known.size();
      int place = -1;
      for (int at = 0; at + 1 < parts.size(); at++) {
        int rank = known.indexOf(parts.get(at) + parts.get(at + 1));
        if (rank >= 0 && rank < best) {
          best = rank;
          place = at;
        }
      }
      if (place < 0) {
        return parts.stream().mapToInt(known::indexOf).toArray();
      }
      parts.set(place, known.get(best));
      parts.remove(place + 1);
    }
  }

  private static Tokenizer tokenizer(byte[][] tokens, List<Merge> merges, boolean wholeFirst) {
    return new BytePairTokenizer(
        BytePairVocabulary.of(tokens, merges, Map.of(), PreTokenPattern.NONE, wholeFirst));
  }

  /** The 256 bytes, each its own id, and then these. */
  private static byte[][] tokens(String... more) {
    byte[][] tokens = new byte[BYTES + more.length][];
    for (int value = 0; value < BYTES; value++) {
      tokens[value] = new byte[] {(byte) value};
    }
    for (int i = 0; i < more.length; i++) {
      tokens[BYTES + i] = bytes(more[i]);
    }
    return tokens;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String string(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
