package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.write;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.spark.command.CommandLineFixture.Result;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;

/** What a user does with tokenizers alone, in this JVM. */
@ExtendWith(CommandLineFixture.class)
class TokenizerCommandTest {
  private static final String NASTY = "Jack fell, down 😀 é\n\n <|endoftext|>\tJill\r\n";

  @TempDir static Path folder;
  private static Path text;
  private static Path tokenizer;
  private static Result learned;

  @BeforeAll
  static void learn() {
    text = CommandLineFixture.rhyme(folder);
    tokenizer = folder.resolve("tokenizer.json");
    learned =
        kindling(
            "tokenizer",
            "train",
            "--input",
            text.toString(),
            "--vocab-size=300",
            "--output",
            tokenizer.toString());
    assertThat(learned.err()).isEmpty();
    assertThat(learned.exitCode()).isZero();
  }

  @Test
  void learningShowsBothOfItsParts() {
    assertThat(learned.out())
        .matches(
            "counting pre-tokens: 3 of 3\n"
                + "learning merges: 43 of 43\n"
                + "learned 300 tokens from 2\\d distinct pre-tokens\n"
                + "tokenizer .*/tokenizer.json\n");
    assertThat(tokenizer).isNotEmptyFile();
  }

  @Test
  void idsAreALineAndDecodeToTheText() {
    Result encoded = with(NASTY, "encode");

    assertThat(encoded.err()).isEmpty();
    assertThat(encoded.out()).matches("\\d+( \\d+)*\n");
    assertThat(with(encoded.out(), "decode").out()).isEqualTo(NASTY);
  }

  @Test
  void aSpecialTokenIsOneIdOnlyIfItIsAllowed() {
    String text = "Jack<|endoftext|>";

    assertThat(with(text, "encode", "--allow-special").out()).endsWith(" 299\n");
    assertThat(with(text, "encode").out().split(" ")).hasSizeGreaterThan(8).doesNotContain("299\n");
  }

  /** As Qwen2's files ask for; the ids of composed text are those of its composed form. */
  @Test
  void aFileThatComposesTextHasTheSameSpecialTokens() throws IOException {
    Path composing = folder.resolve("composing.json");
    String json = Files.readString(tokenizer);
    String normalizer = "\"normalizer\" : null";
    assertThat(json).contains(normalizer);
    write(composing, json.replace(normalizer, "\"normalizer\" : {\"type\" : \"NFC\"}"));

    Result encoded =
        kindling(
            "tokenizer",
            "encode",
            "--tokenizer=" + composing,
            "--allow-special",
            "--input=" + write(folder.resolve("accent.txt"), "e\u0301<|endoftext|>"));
    Result inspected =
        kindling("tokenizer", "inspect", "--tokenizer=" + composing, "--text=e\u0301");

    assertThat(encoded.out()).isEqualTo(with("é<|endoftext|>", "encode", "--allow-special").out());
    assertThat(inspected.out()).contains("special tokens  <|endoftext|> = 299\n", "\\xC3│\\xA9\n");
  }

  @Test
  void aSpecialTokenIsShownByItsName() throws IOException {
    TokenText tokens = new TokenText(Tokenizer.fromJson(Files.readString(tokenizer)));

    assertThat(tokens.of(299)).isEqualTo("<|endoftext|>");
  }

  @Test
  void filesAreEncodedInParts() throws IOException {
    Path texts = Files.createDirectory(folder.resolve("texts"));
    for (int i = 0; i < 5; i++) {
      write(texts.resolve("text-" + i), NASTY.repeat(i + 1));
    }
    Path parts = folder.resolve("parts");

    Result onSpark = command("encode", "--input", texts.toString(), "--output", parts.toString());

    assertThat(onSpark.err()).isEmpty();
    assertThat(onSpark.out()).matches("[\\d,]+ ids of [\\d,]+ bytes of text: " + parts + "\n");
    String lines = command("encode", "--input", texts.toString()).out();
    assertThat(lines.lines()).hasSize(5);
    assertThat(joined(parts)).isEqualTo(lines);
    assertThat(names(parts)).allMatch(name -> name.matches("part-\\d{5}"));
    assertThat(names(folder)).noneMatch(name -> name.endsWith(".tmp"));
    assertThat(command("decode", "--input", parts.toString()).out()).isEqualTo(NASTY.repeat(15));
  }

  /** So that line i stays file i. */
  @Test
  void anEmptyFileHasALine() throws IOException {
    Path texts = Files.createDirectory(folder.resolve("with an empty one"));
    write(texts.resolve("a"), NASTY);
    write(texts.resolve("b"), "");
    write(texts.resolve("c"), NASTY);
    Path parts = folder.resolve("parts with an empty one");
    String line = command("encode", "--input", texts + "/a").out();

    assertThat(command("encode", "--input", texts.toString()).out()).isEqualTo(line + "\n" + line);
    assertThat(
            command("encode", "--input", texts.toString(), "--output", parts.toString()).exitCode())
        .isZero();
    assertThat(joined(parts)).isEqualTo(line + "\n" + line);
  }

  @Test
  void anOutputMayHaveAColonInItsName() throws IOException {
    Path output = Files.createDirectory(folder.resolve("times")).resolve("ids 10:30.txt");

    assertThat(
            command("encode", "--input", text.toString(), "--output", output.toString()).exitCode())
        .isZero();
    assertThat(output).content().isEqualTo(command("encode", "--input", text.toString()).out());
  }

  /** A slash at its end says that the output is a directory. */
  @Test
  void oneFileIsEncodedToAFileOrToParts() throws IOException {
    Path ids = folder.resolve("ids.txt");
    Path parts = folder.resolve("parts of one");

    assertThat(command("encode", "--input", text.toString(), "--output", ids.toString()).exitCode())
        .isZero();
    assertThat(command("encode", "--input", text.toString(), "--output", parts + "/").exitCode())
        .isZero();

    assertThat(joined(parts)).isEqualTo(Files.readString(ids));
    Path back = folder.resolve("back.txt");
    assertThat(command("decode", "--input", ids.toString(), "--output", back.toString()).exitCode())
        .isZero();
    assertThat(back).hasSameBinaryContentAs(text);
  }

  @Test
  void overwriteReplacesWhatThePlaceHolds() throws IOException {
    Path out = folder.resolve("again");
    String[] options = {"encode", "--input", folder + "/rhyme.tx?", "--output", out.toString()};
    assertThat(command(options).exitCode()).isZero();
    Files.delete(out.resolve("part-00000"));
    write(out.resolve("part-99999"), "old");

    Result again = command(Stream.concat(Stream.of(options), Stream.of("--overwrite")));

    assertThat(again.err()).isEmpty();
    assertThat(names(out)).containsExactly("part-00000");
  }

  @Test
  void inspectShowsTheVocabularyAndHowATextIsCut() {
    Result shown = command("inspect", "--text", "Jack é and\nJill");

    assertThat(shown.err()).isEmpty();
    assertThat(shown.out())
        .startsWith("kind            byte-level BPE, pattern gpt2\n")
        .contains("tokens          300\n", "special tokens  <|endoftext|> = 299\n")
        .containsPattern("longest tokens    \\d bytes  '[^']+'\n {18}\\d bytes  '")
        .containsPattern("text            16 bytes, \\d+ tokens: \\d\\.\\d{3} bytes a token\n\n")
        .contains("Jack│ │\\xC3│\\xA9│ and│\\n\nJill\n")
        .doesNotContain("\u001b");
    assertThat(command("inspect", "--input", text.toString()).out())
        .contains(String.format(Locale.ROOT, "%,d bytes, ", CommandLineFixture.RHYME.length()))
        .contains("Jack│ and│ Jill");
  }

  @Test
  void onATerminalTheCutsAreColours() {
    TokenText tokens = new TokenText(CharacterTokenizer.of(new int[] {'\n', 27, 'a', 'b'}));

    assertThat(new CutText(tokens, true).of(new int[] {2, 3, 0, 1}, 4))
        .isEqualTo(
            "\u001b[30;48;5;152ma\u001b[0m\u001b[30;48;5;223mb\u001b[0m"
                + "\u001b[30;48;5;189m\\n\u001b[0m\n\u001b[30;48;5;193m\\u001B\u001b[0m\n");
  }

  @Test
  void textIsAlsoInJsonAndParquet() {
    Path lines = folder.resolve("rhyme.jsonl");
    write(
        lines,
        CommandLineFixture.RHYME
            .lines()
            .map(line -> "{\"body\": \"" + line + "\\n\"}\n")
            .collect(Collectors.joining()));
    Path other = folder.resolve("of-lines.json");

    Result result =
        kindling(
            "tokenizer",
            "train",
            "--input=" + lines,
            "--field=body",
            "--vocab-size=300",
            "--output=" + other);

    assertThat(result.err()).isEmpty();
    assertThat(other).hasSameBinaryContentAs(tokenizer);
  }

  @Test
  void aTextThatRunsOutOfPairsGivesASmallerVocabulary() {
    Result result =
        kindling(
            "tokenizer",
            "train",
            "--input=" + write(folder.resolve("tiny.txt"), "ab ab\n"),
            "--vocab-size=1000",
            "--special=",
            "--output=" + folder.resolve("tiny.json"));

    assertThat(result.out())
        .contains(
            "learned 258 tokens from 3 distinct pre-tokens; the text has nothing left to merge"
                + " for 1,000\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "encode", "decode", "inspect"})
  void eachCommandHasItsHelp(String command) {
    Result help = kindling("tokenizer", command, "--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).startsWith("Usage: kindling tokenizer " + command).contains("--input");
    assertThat(help.out().replaceAll("\\s+", " "))
        .contains(command.equals("train") ? "Default: <|endoftext|>" : "--tokenizer=PATH");
  }

  private static Result command(String... more) {
    return command(Stream.of(more));
  }

  private static Result command(Stream<String> more) {
    List<String> words = more.toList();
    return kindling(
        Stream.concat(
                Stream.of("tokenizer", words.get(0), "--tokenizer", tokenizer.toString()),
                words.stream().skip(1))
            .toArray(String[]::new));
  }

  /** With this text at standard input. */
  private static Result with(String input, String... words) {
    InputStream trueIn = System.in;
    try {
      System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
      return command(words);
    } finally {
      System.setIn(trueIn);
    }
  }

  private static String joined(Path parts) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name : names(parts)) {
      all.append(Files.readString(parts.resolve(name)));
    }
    return all.toString();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
