package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.kindling.tokenizer.CharacterTokenizerTest.alphabetOf;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TokenizerJsonTest {
  private static final String TEXT = "\n \"\\To be\u0000\u00E9\u2028\uD83D\uDE00\uD83D";

  private final Tokenizer tokenizer = alphabetOf(TEXT);

  @Test
  void whatIsWrittenReadsBackTheSame() {
    String json = tokenizer.toJson();

    Tokenizer read = Tokenizer.fromJson(json);

    assertThat(read).isEqualTo(tokenizer);
    assertThat(read.fingerprint()).isEqualTo(tokenizer.fingerprint()).hasSize(64);
    assertThat(read.encode(TEXT)).isEqualTo(tokenizer.encode(TEXT));
  }

  @Test
  void aFileInUtf8HoldsEveryCharacter() {
    byte[] file = tokenizer.toJson().getBytes(StandardCharsets.UTF_8);

    assertThat(Tokenizer.fromJson(new String(file, StandardCharsets.UTF_8))).isEqualTo(tokenizer);
  }

  @Test
  void anotherAlphabetHasAnotherFingerprint() {
    assertThat(alphabetOf("ab").fingerprint()).isNotEqualTo(alphabetOf("ac").fingerprint());
  }

  @Test
  void idsOfAFileMayComeInAnyOrder() {
    String json = alphabetOf("ab").toJson().replace("\"a\" : 0", "\"a\" : 1");
    json = json.replace("\"b\" : 1", "\"b\" : 0");

    assertThat(Tokenizer.fromJson(json).encode("ab")).containsExactly(1, 0);
  }

  @Test
  void damagedFilesAreRefusedWithTheReason() {
    String json = alphabetOf("ab").toJson();

    refused("", "tokenizer.json is damaged: it has no object \"model\"");
    refused("[1, 2]", "tokenizer.json is damaged: it has no object \"model\"");
    refused("{}", "tokenizer.json is damaged: it has no object \"model\"");
    refused(json.replace("vocab", "words"), "tokenizer.json is damaged: it has no \"model.vocab\"");
    refused(
        json.replace("\"a\" : 0", "\"a\" : 1"),
        "tokenizer.json is damaged: 'a' (U+0061) and 'b' (U+0062) have the same id 1");
    refused(
        json.replace("\"a\" : 0", "\"a\" : 2"),
        "tokenizer.json is damaged: the id of 'a' (U+0061) is 2; ids are 0 to 1");
    refused(
        json.replace("\"a\" : 0", "\"a\" : 0.5"),
        "tokenizer.json is damaged: the id of 'a' (U+0061) is 0.5; ids are 0 to 1");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> Tokenizer.fromJson(json.substring(0, json.length() / 2)))
        .withMessageStartingWith("tokenizer.json is not valid JSON: ")
        .withMessageContaining("line ");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> Tokenizer.fromJson(json.replace("\"b\" : 1", "\"a\" : 1")))
        .withMessageStartingWith("tokenizer.json is not valid JSON: Duplicate field 'a'");
  }

  @Test
  void whatACharacterTokenizerCannotDoIsNamed() {
    String json = alphabetOf("ab").toJson();

    refused(
        json.replace("BPE", "WordPiece"),
        "tokenizer.json has the model type \"WordPiece\"; Kindling reads \"BPE\"");
    refused(
        json.replace("\"merges\" : [ ]", "\"merges\" : [ [\"a\", \"b\"] ]"),
        "tokenizer.json sets \"model.merges\", which a character tokenizer does not have");
    refused(
        json.replace("\"normalizer\" : null", "\"normalizer\" : {\"type\": \"Lowercase\"}"),
        "tokenizer.json sets \"normalizer\", which a character tokenizer does not have");
    refused(
        json.replace("\"Fuse\"", "\"Metaspace\""),
        "tokenizer.json has the decoder \"Metaspace\"; Kindling reads \"ByteLevel\" and \"Fuse\"");
    refused(
        json.replace("\"a\" : 0", "\"aa\" : 0"),
        "tokenizer.json has the token \"aa\"; a character tokenizer's are one character each");
  }

  @Test
  void anUnknownTokenIsWrittenAndReadBack() {
    Tokenizer restricted = CharacterTokenizer.of(new int[] {'a', 'b'}, "<unk>");

    String json = restricted.toJson();

    assertThat(json).contains("\"unk_token\" : \"<unk>\"").contains("\"<unk>\" : 2");
    assertThat(Tokenizer.fromJson(json)).isEqualTo(restricted);
    assertThat(Tokenizer.fromJson(json).encode("axb")).containsExactly(0, 2, 1);
  }

  @Test
  void theUnknownTokenOfAFileMayHaveAnyId() {
    String json = CharacterTokenizer.of(new int[] {'a', 'b'}, "<unk>").toJson();
    json = json.replace("\"a\" : 0", "\"a\" : 2").replace("\"<unk>\" : 2", "\"<unk>\" : 0");

    Tokenizer read = Tokenizer.fromJson(json);

    assertThat(read.encode("axb")).containsExactly(2, 0, 1);
    assertThat(read.decode(new int[] {2, 0, 1})).isEqualTo("a<unk>b");
    assertThat(Tokenizer.fromJson(read.toJson())).isEqualTo(read);
  }

  @Test
  void anUnknownTokenThatTheLibraryWouldTreatOtherwiseIsRefused() {
    String json = CharacterTokenizer.of(new int[] {'a', 'b'}, "<unk>").toJson();

    refused(
        json.replace("\"unk_token\" : \"<unk>\"", "\"unk_token\" : \"<?>\""),
        "tokenizer.json is damaged: \"model.unk_token\" is \"<?>\","
            + " which is not in \"model.vocab\"");
    refused(
        json.replace("\"fuse_unk\" : false", "\"fuse_unk\" : true"),
        "tokenizer.json sets \"model.fuse_unk\", which a character tokenizer does not have");
    refused(
        json.replace("\"<unk>\" : 2", "\"<unk>\" : 0"),
        "tokenizer.json is damaged: 'a' (U+0061) and \"<unk>\" have the same id 0");
    refused(
        json.replace("\"unk_token\" : \"<unk>\"", "\"unk_token\" : null"),
        "tokenizer.json has the token \"<unk>\"; a character tokenizer's are one character each");
  }

  /** Checkpoints know their tokenizer by this digest. */
  @Test
  void theFileOfAnAlphabetStaysAsItIs() {
    assertThat(alphabetOf("ab\n\u00E9").fingerprint())
        .isEqualTo("0822a5054c6a30a2dd2217d0fdfb2924b3245d6d3c733cb83fe58254c0c6b082");
  }

  private static void refused(String json, String message) {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> Tokenizer.fromJson(json))
        .withMessage(message);
  }
}
