package org.kindling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerFilesTest {
  /** GPT-2's base tokens: the bytes in the order of their stand-ins. */
  private static final String BASE =
      IntStream.range(0, 256)
          .mapToObj(value -> String.valueOf(ByteCharacters.of(value)))
          .sorted()
          .collect(Collectors.joining());

  private static final String VOCAB = vocab("\"he\": 256, \"\u0120he\": 257, \"##\": 258,");
  private static final String MERGES = "#version: 0.2\nh e\n\u0120 he\n# #\n";

  @Test
  void gpt2sPairOfFilesIsRead() {
    Tokenizer tokenizer = TokenizerFiles.gpt2(VOCAB, MERGES);

    assertThat(tokenizer.encode("he he##!")).containsExactly(256, 257, 258, 0);
    assertThat(tokenizer.decode(new int[] {257, 258, 259})).isEqualTo(" he##<|endoftext|>");
    assertThat(tokenizer.vocabularySize()).isEqualTo(260);
    assertThat(tokenizer.endOfText()).hasValue(259);
    assertThat(TokenizerFiles.tokenizerJson(tokenizer.toJson()).toJson())
        .isEqualTo(tokenizer.toJson());
  }

  @Test
  void theNameTellsTheFormat() {
    String ranks = ranks("he", " he", "hey");
    Tokenizer gpt2 = TokenizerFiles.read("vocab.json", VOCAB, Map.of("merges.txt", MERGES)::get);
    Tokenizer json = read("any.json", gpt2.toJson());

    assertThat(gpt2.encode("he he##!")).containsExactly(256, 257, 258, 0);
    assertThat(json.encode("he he##!")).containsExactly(256, 257, 258, 0);
    assertThat(TokenizerFiles.saysHowToCut("own.tiktoken")).isFalse();
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> read("own.tiktoken", ranks))
        .withMessage("own.tiktoken needs a pattern: a rank file does not say how text is cut");
  }

  @ParameterizedTest
  @EnumSource
  void publishedRankFilesNeedNothingElse(RankFiles file) {
    assertThat(TokenizerFiles.saysHowToCut(file.fileName())).isTrue();
    Tokenizer read = read(file.fileName(), file.lines());

    assertThat(read.endOfText().getAsInt()).isEqualTo(file.specialTokens().get("<|endoftext|>"));
    assertThat(read.encode("They'RE 12345 \n\nHTTPServers  ok"))
        .isEqualTo(file.tokenizer().encode("They'RE 12345 \n\nHTTPServers  ok"));
  }

  private static Tokenizer read(String name, String content) {
    return TokenizerFiles.read(
        name,
        content,
        other -> {
          throw new AssertionError("asked for " + other);
        });
  }

  @Test
  void lineEndsOfMergesMayBeAnySystems() {
    Tokenizer tokenizer = TokenizerFiles.gpt2(VOCAB, MERGES.strip().replace("\n", "\r\n"));

    assertThat(tokenizer.encode("he he##!")).containsExactly(256, 257, 258, 0);
  }

  @Test
  void damagedFilesOfGpt2AreRefusedWithTheReason() {
    refusedGpt2(
        VOCAB,
        MERGES + "h\n",
        "merges.txt is damaged: line 5 is \"h\"; it must be two tokens with a space between");
    refusedGpt2(
        VOCAB,
        MERGES + "h e y\n",
        "merges.txt is damaged: line 5 is \"h e y\"; it must be two tokens with a space between");
    refusedGpt2(
        VOCAB,
        MERGES + "he y\n",
        "vocab.json is damaged: merge 4 joins \"he\" and \"y\", but \"hey\" is not in the vocabulary");
    String first = MERGES.lines().filter(line -> !line.startsWith("#version")).findFirst().get();
    refusedGpt2(
        VOCAB,
        MERGES + first + "\n",
        "merges.txt is damaged: the merge of \"%s\" and \"%s\" is there twice"
            .formatted((Object[]) first.split(" ")));
    refusedGpt2(
        VOCAB.replace("\"##\": 258", "\"##\": 257"),
        MERGES,
        "vocab.json is damaged: \"\u0120he\" and \"##\" have the same id 257");
    refusedGpt2(
        VOCAB.replace("\"z\"", "\"zz\""),
        MERGES,
        "vocab.json has no token for the byte 0x7A, \"z\"; byte-level BPE needs one for each of 256");
    refusedGpt2(
        "[]", MERGES, "vocab.json is damaged: it must be an object of tokens and their ids");
    refusedGpt2(
        "{}", MERGES, "vocab.json is damaged: it must be an object of tokens and their ids");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> TokenizerFiles.gpt2("{\"a\": 0", MERGES))
        .withMessageStartingWith("vocab.json is not valid JSON: ");
  }

  private static void refusedGpt2(String vocab, String merges, String message) {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> TokenizerFiles.gpt2(vocab, merges))
        .withMessage(message);
  }

  @Test
  void aRankFileIsRead() {
    String lines = ranks("he", " he", "hey");
    Map<String, Integer> specials = Map.of("<|endoftext|>", 300);

    Tokenizer tokenizer = TokenizerFiles.tiktoken(lines, PreTokenPattern.GPT4, specials);

    assertThat(tokenizer.encode("hey he")).containsExactly(258, 257);
    assertThat(tokenizer.vocabularySize()).isEqualTo(301);
    assertThat(tokenizer.decode(new int[] {258, 300})).isEqualTo("hey<|endoftext|>");
    assertThat(TokenizerFiles.tiktoken(lines.replace("\n", "\r\n"), PreTokenPattern.GPT4, specials))
        .isEqualTo(tokenizer);
    assertThat(TokenizerFiles.tiktoken(lines.strip(), PreTokenPattern.GPT4, specials))
        .isEqualTo(tokenizer);
  }

  @Test
  void aSpecialTokenMayStandAmongTheRanks() {
    String lines = ranks("he", " he", "hey");
    Map<String, Integer> specials = Map.of("<|endoftext|>", 257);

    Tokenizer tokenizer =
        TokenizerFiles.tiktoken(lines.replaceAll("\\S+ 257\n", ""), PreTokenPattern.GPT2, specials);

    assertThat(tokenizer.encode("hey he")).containsExactly(258, ' ', 256);
    assertThat(tokenizer.endOfText()).hasValue(257);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"aGU=", "aGU= x", " 259", "a*U= 259", "aGU= -1", "aGU= 99999999999", "aGU= 1 2"})
  void aDamagedLineOfARankFileIsShown(String line) {
    refusedRanks(
        ranks("he") + line + "\n",
        "the rank file is damaged: line 258 is \"%s\";".formatted(line.strip())
            + " it must be a token in Base64, a space, a rank of 0 to 1048575");
  }

  @Test
  void ranksAreOnceEachWithoutGaps() {
    refusedRanks(
        ranks("he").replace(" 256\n", " 258\n"),
        "the rank file is damaged: no token has the rank 256, but one has 258");
    refusedRanks(
        ranks("he") + "aGV5 256\n", "the rank file is damaged: line 258 has the rank 256 again");
    refusedRanks("\n\n", "the rank file has no tokens");
  }

  @Test
  void aRankFileNeedsEveryByteAndEveryTokenOnce() {
    refusedRanks(
        ranks(" he", " he"),
        "the rank file is damaged: the ranks 256 and 257 are both \"\u0120he\"");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(
            () -> TokenizerFiles.tiktoken(ranks("he"), PreTokenPattern.GPT2, Map.of("<s>", 256)))
        .withMessage(
            "the special token \"<s>\" has the id 256, which is the rank of \"he\" in the file");
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> tiktoken("aGU= 0\n"))
        .withMessageContaining("0x00");
  }

  private static void refusedRanks(String lines, String message) {
    assertThatExceptionOfType(TokenizerException.class)
        .isThrownBy(() -> tiktoken(lines))
        .withMessage(message);
  }

  private static Tokenizer tiktoken(String lines) {
    return TokenizerFiles.tiktoken(lines, PreTokenPattern.GPT2, Map.of());
  }

  @ParameterizedTest
  @EnumSource
  void aRankFileGivesTheSameIdsAsATokenizerJson(RankFiles file) {
    Tokenizer ranks = file.tokenizer();

    Tokenizer json = TokenizerFiles.tokenizerJson(ranks.toJson());

    assertThat(json.fingerprint()).isEqualTo(ranks.fingerprint());
    for (String text : DifficultTexts.all()) {
      assertThat(json.encode(text)).as(text).isEqualTo(ranks.encode(text));
    }
  }

  /** 256 bytes, each its own rank, then these. */
  private static String ranks(String... tokens) {
    StringBuilder lines = new StringBuilder();
    for (int value = 0; value < 256; value++) {
      line(lines, new byte[] {(byte) value}, value);
    }
    for (int i = 0; i < tokens.length; i++) {
      line(lines, tokens[i].getBytes(StandardCharsets.UTF_8), 256 + i);
    }
    return lines.toString();
  }

  private static void line(StringBuilder lines, byte[] token, int rank) {
    lines.append(Base64.getEncoder().encodeToString(token)).append(' ').append(rank).append('\n');
  }

  private static String vocab(String tokens) {
    String base =
        IntStream.range(0, 256)
            .mapToObj(id -> "\"%s\": %d".formatted(escaped(BASE.charAt(id)), id))
            .collect(Collectors.joining(", "));
    return "{" + tokens + base + ", \"<|endoftext|>\": 259}";
  }

  private static String escaped(char character) {
    return character == '"' || character == '\\' ? "\\" + character : String.valueOf(character);
  }
}
