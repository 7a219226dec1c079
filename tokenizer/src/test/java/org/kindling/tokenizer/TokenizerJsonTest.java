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
        "tokenizer.json has the model type 'WordPiece'; Kindling reads 'BPE' without merges");
    refused(
        json.replace("\"merges\" : [ ]", "\"merges\" : [ [\"a\", \"b\"] ]"),
        "tokenizer.json sets \"model.merges\", which a character tokenizer does not have");
    refused(
        json.replace("\"normalizer\" : null", "\"normalizer\" : {\"type\": \"Lowercase\"}"),
        "tokenizer.json sets \"normalizer\", which a character tokenizer does not have");
    refused(
        json.replace("\"Fuse\"", "\"ByteLevel\""),
        "tokenizer.json has the decoder 'ByteLevel'; a character tokenizer needs 'Fuse'");
    refused(
        json.replace("\"a\" : 0", "\"aa\" : 0"),
        "tokenizer.json has the token \"aa\"; a character tokenizer's are one character each");
  }

  private static void refused(String json, String message) {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> Tokenizer.fromJson(json))
        .withMessage(message);
  }
}
