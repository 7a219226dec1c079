package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TokenStreamTest {

  @Test
  void aCharacterAppearsWhenItsLastByteDoes() {
    TokenStream stream = streamOf("\u20AC");

    assertThat(stream.next(0)).isEmpty();
    assertThat(stream.next(1)).isEmpty();
    assertThat(stream.next(2)).isEqualTo("\u20AC");
    assertThat(stream.end()).isEmpty();
  }

  @Test
  void onlyTheUnfinishedCharacterIsHeldBack() {
    byte[] word = "na\u00EFve".getBytes(StandardCharsets.UTF_8);
    TokenStream stream =
        new Utf8TokenStream(id -> new byte[][] {slice(word, 0, 3), slice(word, 3, 6)}[id]);

    assertThat(stream.next(0)).isEqualTo("na");
    assertThat(stream.next(1)).isEqualTo("\u00EFve");
  }

  @Test
  void whatNeverBecomesACharacterIsReplacedAtTheEndAndTheNextTextBegins() {
    TokenStream stream = streamOf("\uD83D\uDE00");

    assertThat(stream.next(0) + stream.next(1) + stream.next(2)).isEmpty();
    assertThat(stream.end()).isEqualTo("\uFFFD");
    assertThat(stream.end()).isEmpty();
    assertThat(stream.next(0) + stream.next(1) + stream.next(2) + stream.next(3))
        .isEqualTo("\uD83D\uDE00");
  }

  @Test
  void aBrokenCharacterIsReplacedAsSoonAsItIsKnownToBeBroken() {
    byte[][] tokens = {{(byte) 0xE2, (byte) 0x82}, {'a'}};
    TokenStream stream = new Utf8TokenStream(id -> tokens[id]);

    assertThat(stream.next(0)).isEmpty();
    assertThat(stream.next(1)).isEqualTo("\uFFFDa");
  }

  @Test
  void anIdOutsideTheVocabularyChangesNothing() {
    TokenStream stream = CharacterTokenizerTest.alphabetOf("ab").decoder();

    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> stream.next(2))
        .withMessage("token id 2 is outside the vocabulary; ids are 0 to 1");
    assertThat(stream.next(1)).isEqualTo("b");
  }

  @Test
  void halvesOfAPairOfSurrogatesArePrintedTogether() {
    Tokenizer tokenizer = CharacterTokenizer.of(new int[] {'a', 0xD83D, 0xDE00});
    TokenStream stream = tokenizer.decoder();

    assertThat(stream.next(1)).isEmpty();
    assertThat(stream.next(2)).isEqualTo("\uD83D\uDE00");
    assertThat(stream.next(1)).isEmpty();
    assertThat(stream.next(0)).isEqualTo("\uD83Da");
    assertThat(stream.next(1)).isEmpty();
    assertThat(stream.end()).isEqualTo("\uD83D");
  }

  /** Java's decoder is the rule: how many U+FFFD a broken sequence becomes is not obvious. */
  @Property(tries = 5000, seed = "5000")
  void whateverTheBytesTheTextsJoinedAreTheTextOfTheWhole(
      @ForAll("brokenUtf8") List<byte[]> tokens) {
    TokenStream stream = new Utf8TokenStream(tokens::get);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    StringBuilder streamed = new StringBuilder();

    for (int id = 0; id < tokens.size(); id++) {
      all.writeBytes(tokens.get(id));
      streamed.append(stream.next(id));
    }
    streamed.append(stream.end());

    assertThat(streamed.toString()).isEqualTo(all.toString(StandardCharsets.UTF_8));
  }

  /** Tokens of a few bytes, most of which begin or continue characters. */
  @Provide
  Arbitrary<List<byte[]>> brokenUtf8() {
    Arbitrary<Byte> telling =
        Arbitraries.of(
                0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
                0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xF8, 0xFF)
            .map(Integer::byteValue);
    Arbitrary<Byte> bytes = Arbitraries.oneOf(telling, telling, Arbitraries.bytes());
    return bytes.array(byte[].class).ofMaxSize(4).list().ofMaxSize(12);
  }

  @Property(seed = "1")
  void whateverTheIdsTheTextsJoinedAreTheDecodedText(
      @ForAll List<@IntRange(max = 50256) Integer> ids) {
    Tokenizer tokenizer = RankFiles.R50K.tokenizer();
    TokenStream stream = tokenizer.decoder();

    String streamed = ids.stream().map(stream::next).collect(Collectors.joining()) + stream.end();

    assertThat(streamed).isEqualTo(tokenizer.decode(ids.stream().mapToInt(id -> id).toArray()));
  }

  @Property(seed = "1")
  void validTextIsGivenInWholeCharacters(@ForAll String text) {
    Assume.that(isValid(text));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TokenStream stream = new Utf8TokenStream(id -> new byte[] {bytes[id]});
    StringBuilder streamed = new StringBuilder();

    for (int id = 0; id < bytes.length; id++) {
      String next = stream.next(id);
      assertThat(isValid(next)).isTrue();
      streamed.append(next);
    }

    assertThat(stream.end()).isEmpty();
    assertThat(streamed.toString()).isEqualTo(text);
  }

  private static boolean isValid(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static TokenStream streamOf(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Utf8TokenStream(id -> new byte[] {bytes[id]});
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }
}
