package org.kindling.spark.tokenizing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.BytePairs;
import org.kindling.tokenizer.BytePairTokenizer;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.Tokenizer;

class TokenizerPathTest {
  private static final Tokenizer TOKENIZER =
      BytePairs.learned("to be or not to be", "<|endoftext|>");

  @TempDir Path folder;

  @Test
  void aTokenizerJsonIsFoundByItsNameOrItsFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER.toJson());
    Path other = Files.writeString(folder.resolve("other name"), TOKENIZER.toJson());

    for (Path path : List.of(file, folder, other)) {
      assertThat(read(path).fingerprint()).isEqualTo(TOKENIZER.fingerprint());
    }
  }

  @Test
  void gpt2sTwoFilesAreFoundByEitherOrTheirFolder() throws IOException {
    StringBuilder vocabulary = new StringBuilder("{");
    for (int id = 0; id < 256; id++) {
      // GPT-2's own order is another, but any will do.
      vocabulary.append("\"%s\": %d, ".formatted(jsonCharacter(id), id));
    }
    Files.writeString(folder.resolve("vocab.json"), vocabulary + "\"be\": 256}");
    Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\nb e\n");

    for (String name : List.of("", "vocab.json", "merges.txt")) {
      assertThat(read(folder.resolve(name)).encode("be")).containsExactly(256);
    }
  }

  @Test
  void aRankFileTakesThePatternAndSpecialTokensThatTheUserNames() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int b = 0; b < 256; b++) {
      lines.append(rank(new byte[] {(byte) b}, b));
    }
    lines.append(rank("12".getBytes(UTF_8), 256)).append(rank("123".getBytes(UTF_8), 257));
    lines.append(rank("1234".getBytes(UTF_8), 258));
    Path file = Files.writeString(folder.resolve("my.tiktoken"), lines);

    Tokenizer gpt2 = read(file, PreTokenPattern.GPT2, "<a>", "<b>");
    Tokenizer gpt4 = read(file, PreTokenPattern.GPT4);

    assertThat(gpt2.encode("1234")).containsExactly(258);
    assertThat(gpt4.encode("1234")).containsExactly(257, '4');
    assertThat(((BytePairTokenizer) gpt2).vocabulary().specialTokens())
        .containsExactly(Map.entry("<a>", 259), Map.entry("<b>", 260));
    assertThat(gpt4.vocabularySize()).isEqualTo(259);
  }

  /** A rank file does not say its pattern; that of a known name is known. */
  @Test
  void aRankFileOfAnUnknownNameNeedsAPattern() throws IOException {
    Path file = Files.writeString(folder.resolve("my.tiktoken"), rank(new byte[] {'a'}, 0));

    assertThatThrownBy(
            () ->
                TokenizerPath.read(
                    file.toString(), Optional.empty(), List.of(), new Configuration()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            "cannot use the tokenizer " + file + ": my.tiktoken needs a pattern");
  }

  @Test
  void openAisRankFilesHaveTheirOwnPatternAndSpecialTokens() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int b = 0; b < 256; b++) {
      lines.append(rank(new byte[] {(byte) b}, b));
    }
    Path file = Files.writeString(folder.resolve("cl100k_base.tiktoken"), lines);

    Tokenizer tokenizer = read(file, PreTokenPattern.GPT2, "<a>");

    assertThat(((BytePairTokenizer) tokenizer).vocabulary().pattern())
        .isEqualTo(PreTokenPattern.GPT4);
    assertThat(tokenizer.endOfText()).hasValue(100_257);
  }

  @Test
  void whatIsNoTokenizerIsNamed() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path broken = Files.writeString(folder.resolve("broken.json"), "{ \"model\": ");
    Path alone = Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");

    refused(folder.resolve("gone"), "no tokenizer %s: there is no such file or folder");
    refused(
        empty, "no tokenizer in %s: it has neither tokenizer.json nor vocab.json with merges.txt");
    refused(broken, "cannot use the tokenizer %s: tokenizer.json is not valid JSON");
    refused(alone, "no tokenizer %s: there is no vocab.json beside it");
  }

  private void refused(Path path, String message) {
    assertThatThrownBy(() -> read(path))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(message.formatted(path));
  }

  private static Tokenizer read(Path path) {
    return read(path, PreTokenPattern.GPT2);
  }

  private static Tokenizer read(Path path, PreTokenPattern pattern, String... special) {
    return TokenizerPath.read(
        path.toString(), Optional.of(pattern), List.of(special), new Configuration());
  }

  private static String rank(byte[] token, int rank) {
    return Base64.getEncoder().encodeToString(token) + " " + rank + "\n";
  }

  /** GPT-2's stand-in for a byte, as JSON writes it. */
  private static String jsonCharacter(int value) {
    boolean printable =
        (value >= 0x21 && value <= 0x7E)
            || (value >= 0xA1 && value <= 0xAC)
            || (value >= 0xAE && value <= 0xFF);
    int before = 0;
    for (int b = 0; b < value; b++) {
      boolean own = (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      before += own ? 0 : 1;
    }
    return "\\u%04x".formatted(printable ? value : 0x100 + before);
  }
}
