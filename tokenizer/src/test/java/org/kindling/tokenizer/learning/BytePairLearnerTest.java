package org.kindling.tokenizer.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kindling.tokenizer.ByteCharacters;
import org.kindling.tokenizer.BytePairTokenizer;
import org.kindling.tokenizer.BytePairVocabulary;
import org.kindling.tokenizer.PreTokenCounts;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.TokenizerException;

/**
 * Merges against a learner that recounts everything. (Against the Hugging Face library: the job's
 * PreTokenCountingTest.)
 */
class BytePairLearnerTest {
  private static final LearningListener SILENT = (done, of) -> {};

  private static BytePairVocabulary learn(PreTokenCounts counts, int size) {
    return BytePairLearner.learn(counts, size, List.of(), PreTokenPattern.GPT2, SILENT);
  }

  private static PreTokenCounts counts(String... words) {
    PreTokenCounts counts = new PreTokenCounts();
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      counts.add(bytes, 0, bytes.length, 1);
    }
    return counts;
  }

  /** "l o" is "l" followed by "o". */
  private static List<String> merges(BytePairVocabulary vocabulary) {
    return vocabulary.merges().stream()
        .map(
            merge ->
                ByteCharacters.write(vocabulary.bytes(merge.left()))
                    + " "
                    + ByteCharacters.write(vocabulary.bytes(merge.right())))
        .toList();
  }

  @Test
  void mergesTheMostFrequentPairFirst() {
    PreTokenCounts counts = counts("aab", "aab", "aab", "ab", "ab");

    assertThat(merges(learn(counts, 300))).containsExactly("a b", "a ab");
  }

  @Test
  void takesTheSmallerIdsOfEquallyFrequentPairs() {
    assertThat(merges(learn(counts("cd", "ab", "Zz"), 258))).containsExactly("Z z", "a b");
  }

  @Test
  void mergesARunFromTheLeft() {
    assertThat(merges(learn(counts("aaaaa"), 300))).containsExactly("a a", "aa a", "aa aaa");
  }

  @Test
  void countsBeyond32Bits() {
    PreTokenCounts counts = counts("xy");
    counts.add(new byte[] {'a', 'b'}, 0, 2, 5_000_000_000L);
    counts.add(new byte[] {'c', 'd'}, 0, 2, 6_000_000_000L);

    assertThat(merges(learn(counts, 300))).containsExactly("c d", "a b", "x y");
  }

  @Property(tries = 300, seed = "300")
  void learnsWhatRecountingLearns(
      @ForAll @Size(min = 1, max = 12)
          List<@StringLength(min = 1, max = 12) @CharRange(from = 'a', to = 'c') String> words,
      @ForAll @IntRange(min = 1, max = 40) int merges) {
    BytePairVocabulary learned = learn(counts(words.toArray(String[]::new)), 256 + merges);

    RecountingLearner oracle = new RecountingLearner(words);
    oracle.learn(256 + merges);
    assertThat(merges(learned)).isEqualTo(oracle.merges());
  }

  @Property(tries = 50, seed = "50")
  void doesNotDependOnTheOrderOfWords(
      @ForAll @Size(min = 2, max = 30)
          List<@StringLength(min = 1, max = 8) @CharRange(from = 'a', to = 'd') String> words,
      @ForAll long seed) {
    List<String> shuffled = new ArrayList<>(words);
    Collections.shuffle(shuffled, new Random(seed));

    assertThat(learn(counts(shuffled.toArray(String[]::new)), 290))
        .isEqualTo(learn(counts(words.toArray(String[]::new)), 290));
  }

  @Test
  void putsBytesFirstAndSpecialTokensLast() {
    BytePairVocabulary vocabulary =
        BytePairLearner.learn(
            counts("ab"), 300, List.of("<|endoftext|>"), PreTokenPattern.GPT2, SILENT);

    assertThat(vocabulary.size()).isEqualTo(258);
    assertThat(vocabulary.bytes(0)).containsExactly('!');
    assertThat(vocabulary.bytes(256)).containsExactly('a', 'b');
    assertThat(vocabulary.specialTokens()).containsEntry("<|endoftext|>", 257);
  }

  @Test
  @Timeout(60) // minutes, if each merge looked through whole words; two seconds like this
  void takesWordsOfAMillionBytes() {
    Random random = new Random(1);
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < 1_000_000; i++) {
      letters.append((char) ('a' + random.nextInt(4)));
    }

    BytePairVocabulary vocabulary = learn(counts("a".repeat(1_000_000), letters.toString()), 5_000);

    assertThat(vocabulary.size()).isEqualTo(5_000);
    assertThat(new BytePairTokenizer(vocabulary).encode("a".repeat(512))).hasSize(1);
  }

  @Test
  void tellsHowFarItIs() {
    List<Integer> heard = new ArrayList<>();

    BytePairLearner.learn(
        counts("abcdefgh"),
        300,
        List.of(),
        PreTokenPattern.GPT2,
        (done, of) -> {
          heard.add(done);
          assertThat(of).isEqualTo(44);
        });

    assertThat(heard).endsWith(7);
  }

  @Test
  void makesNoOrdinaryTokenOfASpecialTokensText() {
    BytePairVocabulary vocabulary =
        BytePairLearner.learn(
            counts("<a>", "<a>x"), 300, List.of("<a>"), PreTokenPattern.NONE, SILENT);

    BytePairTokenizer tokenizer = new BytePairTokenizer(vocabulary);
    int special = vocabulary.specialTokens().get("<a>");
    assertThat(tokenizer.encode("<a>")).hasSizeGreaterThan(1).doesNotContain(special);
    assertThat(Tokenizer.fromJson(tokenizer.toJson())).isEqualTo(tokenizer);
  }

  /** {@code "Ġthe"} is how files write the token {@code " the"}. */
  @Test
  void makesNoTokenThatFilesWriteLikeASpecialOne() {
    BytePairVocabulary vocabulary =
        BytePairLearner.learn(
            counts(" the", " then"), 300, List.of("\u0120the"), PreTokenPattern.NONE, SILENT);

    BytePairTokenizer tokenizer = new BytePairTokenizer(vocabulary);
    assertThat(Tokenizer.fromJson(tokenizer.toJson())).isEqualTo(tokenizer);
  }

  @Test
  void refusesASpecialTokenThatIsWrittenLikeAByte() {
    for (String special : List.of("a", "\u00e9", "\u0120")) {
      assertThatThrownBy(() -> BytePairLearner.check(300, List.of("<a>", special)))
          .isInstanceOf(TokenizerException.class)
          .hasMessageMatching(
              "the special token . is how files write the byte 0x\\p{XDigit}{2}; take a longer one");
    }
    assertThatThrownBy(() -> BytePairLearner.check(300, List.of("")))
        .hasMessage("a special token is empty");
  }

  /** Of a line of hyphens, merges make tokens twice as long each time. */
  @Test
  void writesAndReadsTokensOfAnyLength() {
    BytePairVocabulary vocabulary =
        BytePairLearner.learn(
            counts("-".repeat(1 << 16)), 300, List.of(), PreTokenPattern.NONE, SILENT);

    BytePairTokenizer tokenizer = new BytePairTokenizer(vocabulary);
    assertThat(vocabulary.bytes(vocabulary.size() - 1)).hasSize(1 << 16);
    assertThat(Tokenizer.fromJson(tokenizer.toJson())).isEqualTo(tokenizer);
  }

  @Test
  void refusesAVocabularyThatHoldsNotEvenBytes() {
    assertThatThrownBy(
            () ->
                BytePairLearner.learn(
                    counts("ab"), 257, List.of("<a>", "<b>"), PreTokenPattern.GPT2, SILENT))
        .isInstanceOf(TokenizerException.class)
        .hasMessage(
            "tokenizer.vocab-size = 257 must be at least 258: 256 bytes and 2 special tokens");
  }

  /** As many as can be read back. */
  @Test
  void refusesAVocabularyThatNoFileMayHold() {
    BytePairLearner.check(1 << 20, List.of());

    assertThatThrownBy(() -> BytePairLearner.check((1 << 20) + 1, List.of()))
        .isInstanceOf(TokenizerException.class)
        .hasMessage("tokenizer.vocab-size = 1048577 must be at most 1048576");
  }

  @Test
  void refusesASpecialTokenGivenTwice() {
    assertThatThrownBy(
            () ->
                BytePairLearner.learn(
                    counts("ab"), 300, List.of("<a>", "<a>"), PreTokenPattern.GPT2, SILENT))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("<a> is given twice");
  }
}
