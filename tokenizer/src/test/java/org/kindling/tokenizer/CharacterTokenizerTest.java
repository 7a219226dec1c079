package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CharacterTokenizerTest {

  @Test
  void idsAreThePlacesInTheAlphabet() {
    Tokenizer tokenizer = alphabetOf("abc");

    assertThat(tokenizer.encode("cab")).containsExactly(2, 0, 1);
    assertThat(tokenizer.decode(new int[] {2, 0, 1})).isEqualTo("cab");
    assertThat(tokenizer.vocabularySize()).isEqualTo(3);
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.decode(new int[0])).isEmpty();
  }

  @Test
  void aPairOfSurrogatesIsOneTokenAndALoneSurrogateIsOneToo() {
    String text = "a\uD83D\uDE00\uD83Db\uDE00"; // a, an emoji, a lone high one, b, a lone low one

    Tokenizer tokenizer = alphabetOf(text);

    assertThat(tokenizer.encode(text)).hasSize(5);
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
  }

  @Property(seed = "1")
  void decodingWhatWasEncodedGivesTheText(@ForAll("anyText") String text) {
    Tokenizer tokenizer = alphabetOf(text + "x");

    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
  }

  /** Every char value, lone surrogates included. */
  @Provide
  Arbitrary<String> anyText() {
    return Arbitraries.strings().all().ofMaxLength(200);
  }

  @ParameterizedTest
  @CsvSource({
    "00E9, '''é'' (U+00E9)'",
    "000A, '''\\n'' (U+000A)'",
    "0009, '''\\t'' (U+0009)'",
    "0007, '''\\u0007'' (U+0007)'",
    "00A0, '''\\u00A0'' (U+00A0)'",
    "200B, '''\\u200B'' (U+200B)'",
    "D83D, '''\\uD83D'' (U+D83D)'",
    "1F600, '''\uD83D\uDE00'' (U+1F600)'",
    "10FFFF, '''\\u{10FFFF}'' (U+10FFFF)'",
  })
  void anUnknownCharacterIsNamed(String codePoint, String description) {
    Tokenizer tokenizer = alphabetOf("ab");
    String text = "ab" + Character.toString(Integer.parseInt(codePoint, 16));

    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> tokenizer.encode(text))
        .withMessage("the tokenizer does not know the character " + description + " at offset 2");
  }

  @ParameterizedTest
  @CsvSource({"-1", "2", "2147483647"})
  void anIdOutsideTheVocabularyIsRefused(int id) {
    Tokenizer tokenizer = alphabetOf("ab");

    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> tokenizer.decode(new int[] {0, id}))
        .withMessage("token id %d is outside the vocabulary; ids are 0 to 1", id);
  }

  @Test
  void anAlphabetMustAscendAndHaveACharacter() {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> CharacterTokenizer.of(new int[] {'b', 'a'}))
        .withMessage(
            "the tokenizer's characters must ascend, each once,"
                + " but 'b' (U+0062) is followed by 'a' (U+0061)");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> CharacterTokenizer.of(new int[] {'a', 'a'}));
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> CharacterTokenizer.of(new int[0]))
        .withMessage("a character tokenizer needs at least one character");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> CharacterTokenizer.of(new int[] {-1, 'a'}))
        .withMessage("-1 is not a Unicode code point; they are 0 to 1114111");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> CharacterTokenizer.of(new int[] {'a', Integer.MAX_VALUE}))
        .withMessage("2147483647 is not a Unicode code point; they are 0 to 1114111");
  }

  @Test
  void theUnknownTokenStandsForEveryOtherCharacter() {
    Tokenizer tokenizer = CharacterTokenizer.of(new int[] {'a', 'b', 'c'}, "<unk>");

    int[] ids = tokenizer.encode("cat\uD83D\uDE00\uD83D<");

    assertThat(ids).containsExactly(2, 0, 3, 3, 3, 3);
    assertThat(tokenizer.decode(ids)).isEqualTo("ca<unk><unk><unk><unk>");
    assertThat(tokenizer.vocabularySize()).isEqualTo(4);
    assertThat(tokenizer.encode("<unk>")).containsExactly(3, 3, 3, 3, 3);
  }

  @Test
  void aCharacterMayBeTheUnknownToken() {
    Tokenizer known = CharacterTokenizer.of(new int[] {'?', 'a', 'b'}, "?");
    Tokenizer further = CharacterTokenizer.of(new int[] {'a', 'b'}, "\uD83D\uDE00");

    assertThat(known.vocabularySize()).isEqualTo(3);
    assertThat(known.encode("a?x")).containsExactly(1, 0, 0);
    assertThat(known.decode(new int[] {1, 0})).isEqualTo("a?");
    assertThat(further.vocabularySize()).isEqualTo(3);
    assertThat(further.encode("ax\uD83D\uDE00")).containsExactly(0, 2, 2);
  }

  @Test
  void anUnknownTokenMustHaveText() {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> CharacterTokenizer.of(new int[] {'a'}, ""))
        .withMessage("the unknown token is \"\"; it must have a character");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> CharacterTokenizer.of(new int[0], "<unk>"))
        .withMessage("a character tokenizer needs at least one character");
  }

  @Test
  void itIsTheSameAfterItsWayToAnExecutor() throws Exception {
    Tokenizer tokenizer =
        CharacterTokenizer.of(codePoints("To be, or not\uD83D\uDE00"), "<unknown>");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(tokenizer);
    }

    Object arrived;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      arrived = in.readObject();
    }

    assertThat(arrived).isEqualTo(tokenizer);
    assertThat(((Tokenizer) arrived).encode("be!")).isEqualTo(tokenizer.encode("be!"));
    assertThat(bytes.size()).isLessThan(500);
  }

  static Tokenizer alphabetOf(String text) {
    return CharacterTokenizer.of(codePoints(text));
  }

  static int[] codePoints(String text) {
    return text.codePoints().sorted().distinct().toArray();
  }
}
