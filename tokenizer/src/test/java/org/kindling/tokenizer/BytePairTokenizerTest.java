package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.kindling.tokenizer.SmallVocabulary.END_OF_TEXT;
import static org.kindling.tokenizer.SmallVocabulary.HE;
import static org.kindling.tokenizer.SmallVocabulary.HELL;
import static org.kindling.tokenizer.SmallVocabulary.HELLO;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytePairTokenizerTest {
  private final BytePairTokenizer small = SmallVocabulary.tokenizer(PreTokenPattern.GPT2);

  @Test
  void bytesAreMergedWithinPreTokens() {
    assertThat(small.encode("hello")).containsExactly(HELLO);
    assertThat(small.encode("hellhe")).containsExactly(HELL, HE);
    assertThat(small.encode("he llo")).containsExactly(HE, ' ', SmallVocabulary.LL, 'o');
    assertThat(small.encode("\u00E9")).containsExactly(0xC3, 0xA9);
    assertThat(small.encode("")).isEmpty();
    assertThat(small.decode(new int[] {HELLO, ' ', HE, 0xC3, 0xA9})).isEqualTo("hello he\u00E9");
    assertThat(small.vocabularySize()).isEqualTo(262);
  }

  @Property(seed = "1")
  void validTextComesBack(@ForAll RankFiles file, @ForAll("validTexts") String text) {
    Tokenizer tokenizer = file.tokenizer();

    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
  }

  @Provide
  Arbitrary<String> validTexts() {
    return NastyTexts.valid();
  }

  @Property(seed = "1")
  void validTextComesBackWithEachPattern(
      @ForAll PreTokenPattern pattern, @ForAll("validTexts") String text) {
    Tokenizer tokenizer = SmallVocabulary.tokenizer(pattern);

    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
  }

  /** UTF-8 has nothing for it; the ids are jtokkit's (see {@link JtokkitTest}). */
  @Test
  void halfASurrogatePairIsReplaced() {
    String text = "a\uD83Db\uDE00";

    assertThat(decoded(RankFiles.R50K, text)).isEqualTo("a?b?");
    assertThat(decoded(RankFiles.O200K, text)).isEqualTo("a?b?");
    assertThat(decoded(RankFiles.CL100K, text)).isEqualTo("a\uFFFDb\uFFFD");
  }

  private static String decoded(RankFiles file, String text) {
    return file.tokenizer().decode(file.tokenizer().encode(text));
  }

  @Property(seed = "1")
  void anyIdsGiveValidText(@ForAll RankFiles file, @ForAll("fractions") List<Double> places) {
    Tokenizer tokenizer = file.tokenizer();
    int[] ids =
        places.stream().mapToInt(p -> (int) (p * (tokenizer.vocabularySize() - 1))).toArray();
    BytePairVocabulary vocabulary = ((BytePairTokenizer) tokenizer).vocabulary();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      bytes.writeBytes(bytes(vocabulary, id));
    }

    String text = tokenizer.decode(ids);

    assertThat(text).isEqualTo(bytes.toString(StandardCharsets.UTF_8));
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
  }

  /** Of ids; the lowest ones, which are single bytes, are half of them. */
  @Provide
  Arbitrary<List<Double>> fractions() {
    return Arbitraries.oneOf(
            Arbitraries.doubles().between(0, 0.002).ofScale(6),
            Arbitraries.doubles().between(0, 1).ofScale(6))
        .list()
        .ofMaxSize(30);
  }

  private static byte[] bytes(BytePairVocabulary vocabulary, int id) {
    for (Map.Entry<String, Integer> special : vocabulary.specialTokens().entrySet()) {
      if (special.getValue() == id) {
        return special.getKey().getBytes(StandardCharsets.UTF_8);
      }
    }
    return vocabulary.bytes(id) == null ? new byte[0] : vocabulary.bytes(id);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 262, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void anIdOutsideTheVocabularyIsRefused(int id) {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> small.decode(new int[] {HE, id}))
        .withMessage("token id %d is outside the vocabulary; ids are 0 to 261", id);
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> small.decoder().next(id))
        .withMessage("token id %d is outside the vocabulary; ids are 0 to 261", id);
  }

  @Test
  void specialTokensAreMadeOnlyWhereTheyAreAllowed() {
    String text = "he<|endoftext|>he";

    assertThat(small.encode(text)).doesNotContain(END_OF_TEXT).hasSize(2 + 13);
    assertThat(small.encodeWithSpecials(text, Set.of())).isEqualTo(small.encode(text));
    assertThat(small.encodeWithSpecials(text, Set.of("<|endoftext|>")))
        .containsExactly(HE, END_OF_TEXT, HE);
    assertThat(small.decode(new int[] {HE, END_OF_TEXT})).isEqualTo("he<|endoftext|>");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> small.encodeWithSpecials(text, Set.of("<|im_start|>")))
        .withMessageContaining("<|im_start|>")
        .withMessageContaining("<|endoftext|>");
  }

  @Test
  void theLeftmostSpecialTokenIsTakenAndOfSeveralThereTheLongest() {
    Map<String, Integer> specials = Map.of("<a>", 300, "<a><b>", 301, "b><c", 302, "<b>", 303);
    Tokenizer tokenizer =
        new BytePairTokenizer(
            BytePairVocabulary.fromRanks(singleBytes(), specials, PreTokenPattern.GPT2));

    assertThat(tokenizer.encodeWithSpecials("<a><b><c", specials.keySet()))
        .containsExactly(301, '<', 'c');
    assertThat(tokenizer.encodeWithSpecials("<a><b><c", Set.of("<a>", "b><c", "<b>")))
        .containsExactly(300, 303, '<', 'c');
    assertThat(tokenizer.encodeWithSpecials("<a><b><c", Set.of("<a>", "b><c")))
        .containsExactly(300, '<', 302);
    assertThat(tokenizer.encodeWithSpecials("<a><a>", specials.keySet())).containsExactly(300, 300);
  }

  /** The text on both sides of a special token is a text of its own: GPT-2 keeps both blanks. */
  @Test
  void aSpecialTokenEndsTheTextBeforeIt() {
    Tokenizer tokenizer = RankFiles.R50K.tokenizer();

    int[] ids = tokenizer.encodeWithSpecials("a  <|endoftext|>  b", Set.of("<|endoftext|>"));

    assertThat(ids)
        .containsExactly(
            joined(tokenizer.encode("a  "), new int[] {50256}, tokenizer.encode("  b")));
  }

  @Property(seed = "1")
  void plainTextNeverGivesASpecialToken(@ForAll RankFiles file, @ForAll("validTexts") String text) {
    for (String special : file.specialTokens().keySet()) {
      assertThat(file.tokenizer().encode(text + special + text))
          .doesNotContain(file.specialTokens().values().stream().mapToInt(i -> i).toArray());
    }
  }

  @Test
  void theEndOfTextHasOneOfItsUsualNames() {
    assertThat(small.endOfText()).hasValue(END_OF_TEXT);
    assertThat(withSpecials(Map.of("</s>", 300, "<pad>", 301)).endOfText()).hasValue(300);
    assertThat(withSpecials(Map.of("<|end_of_text|>", 300)).endOfText()).hasValue(300);
    assertThat(withSpecials(Map.of("<pad>", 300)).endOfText()).isEmpty();
  }

  private static Tokenizer withSpecials(Map<String, Integer> specials) {
    return new BytePairTokenizer(
        BytePairVocabulary.fromRanks(singleBytes(), specials, PreTokenPattern.GPT2));
  }

  @Test
  void aBufferKeepsWhatItHas() {
    TokenBuffer ids = new TokenBuffer(1);
    small.encode("hello", ids);
    small.encode(" he", ids);

    assertThat(ids.toArray()).containsExactly(HELLO, ' ', HE);
    assertThat(ids.size()).isEqualTo(3);
    assertThat(ids.get(2)).isEqualTo(HE);
    ids.clear();
    small.encode("he", ids);
    assertThat(ids.toArray()).containsExactly(HE);
  }

  /** Threads share the tables, but nothing that changes. */
  @Test
  void manyThreadsEncodeAtOnce() throws Exception {
    Tokenizer tokenizer = RankFiles.CL100K.tokenizer();
    List<String> texts = DifficultTexts.all();
    List<int[]> expected = texts.stream().map(tokenizer::encode).toList();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int first = 50 * thread;
        runs.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20 * texts.size(); i++) {
                    int text = (first + i) % texts.size();
                    assertThat(tokenizer.encode(texts.get(text))).isEqualTo(expected.get(text));
                  }
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void itIsTheSameAfterItsWayToAnExecutor() throws Exception {
    Tokenizer tokenizer = RankFiles.R50K.tokenizer();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(tokenizer);
    }

    Object arrived;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      arrived = in.readObject();
    }

    assertThat(arrived).isEqualTo(tokenizer).hasSameHashCodeAs(tokenizer);
    String text = "To be, or not to be \uD83D\uDE00 antidisestablishmentarianism";
    assertThat(((Tokenizer) arrived).encode(text)).isEqualTo(tokenizer.encode(text));
    assertThat(((Tokenizer) arrived).cuts().between(-1, 'a', ' ')).isTrue();
  }

  private static byte[][] singleBytes() {
    byte[][] tokens = new byte[256][];
    for (int value = 0; value < tokens.length; value++) {
      tokens[value] = new byte[] {(byte) value};
    }
    return tokens;
  }

  private static int[] joined(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }
}
