package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.train;
import static org.kindling.spark.command.CommandLineFixture.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.command.CommandLineFixture.Result;
import org.kindling.tokenizer.Tokenizer;

/** Models whose tokens are not characters, from text to text. */
@ExtendWith(CommandLineFixture.class)
class BytePairModelTest {
  @TempDir static Path folder;
  private static Path text;
  private static Path run;
  private static Result trained;

  @BeforeAll
  static void trainARun() {
    // Two documents, with characters that no merge makes whole.
    Path texts = folder.resolve("texts");
    text = texts;
    texts.toFile().mkdir();
    write(texts.resolve("a.txt"), CommandLineFixture.RHYME);
    write(texts.resolve("b.txt"), "Jill 😀 came, é, ü, 漢字\n".repeat(40));
    run = folder.resolve("run");
    trained = train(text, run, "train.steps=20", "tokenizer.type=bpe", "tokenizer.vocab-size=280");
    assertThat(trained.err()).isEmpty();
    assertThat(trained.exitCode()).isZero();
  }

  @Test
  void theTokenizerIsLearnedOnTheWay() throws IOException {
    assertThat(trained.out())
        .contains("learning merges: 23 of 23\n", "learned 280 tokens from ")
        .contains("  type = bpe\n  vocab-size = 280\n  pattern = gpt2\n")
        .contains("  vocabulary = 280\n");
    Tokenizer tokenizer = Tokenizer.fromJson(Files.readString(run.resolve("tokenizer.json")));
    assertThat(tokenizer.vocabularySize()).isEqualTo(280);
    assertThat(tokenizer.endOfText()).hasValue(279);
  }

  @Test
  void whatIsGeneratedIsWholeCharacters() {
    Result result =
        kindling(
            "generate",
            "--model=" + run,
            "--prompt=Jill 😀 c",
            "--temperature=2",
            "--max-new-tokens=200");

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith("Jill 😀 c");
    assertThat(kindling("generate", "--model=" + run, "--prompt=é", "--max-new-tokens=0").out())
        .isEqualTo("é\n");
  }

  /** Nats of all targets in bits, by the characters that the targets are. */
  @Test
  void bitsPerCharacterCountCharactersAndNotTokens() throws IOException {
    String other = "Jill 😀 came, and Jack, é\n";
    Path file = write(folder.resolve("other.txt"), other);
    Tokenizer tokenizer = Tokenizer.fromJson(Files.readString(run.resolve("tokenizer.json")));
    int[] ids = tokenizer.encode(other);
    int first = tokenizer.decode(new int[] {ids[0]}).length();

    Result result =
        kindling("evaluate", "--model=" + run, "--input=" + file, "data.validation-fraction=1");

    assertThat(result.err()).isEmpty();
    // The end of text is a target, too.
    assertThat(result.figure("targets")).isEqualTo(ids.length);
    int characters = other.codePointCount(0, other.length()) - first;
    assertThat(result.figure("bits per character"))
        .isCloseTo(result.figure("loss") * ids.length / Math.log(2) / characters, within(1e-4));
  }

  @Test
  void aRunGoesOnWithItsTokenizer() {
    Path halves = folder.resolve("halves");
    String path = "tokenizer.path=" + run;
    assertThat(train(text, halves, "train.steps=3", path).exitCode()).isZero();

    Result resumed = kindling("train", "--resume", halves.toString(), "train.steps=6");

    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.exitCode()).isZero();
    assertThat(halves.resolve("tokenizer.json"))
        .hasSameBinaryContentAs(run.resolve("tokenizer.json"));
  }

  @Test
  void aSmallerVocabularyOfCharactersHasAnUnknownToken() throws IOException {
    Path output = folder.resolve("restricted");

    Result result =
        train(text, output, "train.steps=2", "tokenizer.vocab-size=9", "tokenizer.unknown=<?>");

    assertThat(result.err()).isEmpty();
    Tokenizer tokenizer = Tokenizer.fromJson(Files.readString(output.resolve("tokenizer.json")));
    assertThat(tokenizer.vocabularySize()).isEqualTo(9);
    assertThat(tokenizer.decode(tokenizer.encode("le漢l"))).isEqualTo("le<?>l");
    assertThat(kindling("generate", "--model=" + output, "--prompt=漢").exitCode()).isZero();
  }
}
