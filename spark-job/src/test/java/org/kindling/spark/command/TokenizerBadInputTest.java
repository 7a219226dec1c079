package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.refused;
import static org.kindling.spark.command.CommandLineFixture.train;
import static org.kindling.spark.command.CommandLineFixture.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.spark.command.CommandLineFixture.Result;

/** What a user did wrong with a tokenizer is one line, exit code 2, and no harm. */
@ExtendWith(CommandLineFixture.class)
class TokenizerBadInputTest {
  @TempDir static Path folder;
  private static Path text;
  private static Path tokenizer;

  @BeforeAll
  static void learn() {
    text = CommandLineFixture.rhyme(folder);
    tokenizer = folder.resolve("t.json");
    assertThat(learn("--vocab-size=270", "--output=" + tokenizer).exitCode()).isZero();
  }

  @Test
  void aWrongCommandLine() {
    refused(
        kindling("tokenizer"),
        "a command is missing: train, encode, decode or inspect; try 'kindling tokenizer --help'");
    refused(
        kindling("tokenizer", "train", "--input=x"),
        "Missing required options: '--vocab-size=N', '--output=FILE'; try 'kindling tokenizer train --help'");
    refused(inspect("--input=" + text, "--text=x"), "--input and --text: give one of them");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --vocab-size=256                          | --vocab-size 256: must be at least 257, for 256 bytes and the special tokens (1)
          --vocab-size=257;--special=<a>;--special=<b> | --vocab-size 257: must be at least 258, for 256 bytes and the special tokens (2)
          --vocab-size=-5;--special=                | --vocab-size -5: must be at least 256
          --vocab-size=300;--special=<a>;--special=<a> | the special token <a> is given twice; each needs a text of its own
          --vocab-size=300;--pattern=gpt5           | gpt5
          --vocab-size=300;--format=csv             | --format csv: must be one of text, jsonl, parquet
          --vocab-size=300;--field=a;--format=text  | --field is for --format jsonl, not text
          --vocab-size=300;--field=a;--column=b     | --column is for --format parquet, not jsonl
          --vocab-size=300;--field=text             | rhyme.txt, line 1: it is not valid JSON
          --vocab-size=300;--column=text            | rhyme.txt cannot be read as Parquet
          """)
  void aWrongOptionOfLearning(String options, String message) {
    refused(
        learn(
            Stream.concat(
                    Stream.of(options.split(";")), Stream.of("--output=" + folder + "/never.json"))
                .toArray(String[]::new)),
        message);
    assertThat(folder.resolve("never.json")).doesNotExist();
  }

  @Test
  void textThatCannotBeLearnedFrom() throws IOException {
    refused(learnFrom(write(folder.resolve("empty.txt"), "")), "empty.txt is empty");
    refused(learnFrom(folder.resolve("gone.txt")), "no such file or directory: ");
    refused(learnFrom(write(folder.resolve("mark.txt"), "\uFEFF")), "mark.txt holds no text");
    refused(
        learnFrom(Files.write(folder.resolve("latin1.txt"), new byte[] {'a', (byte) 0xE9, 'b'})),
        "latin1.txt is not UTF-8 text: byte 0xE9 at offset 1");
  }

  @Test
  void anOutputThatExistsIsKept() throws IOException {
    refused(
        learn("--vocab-size=300", "--output=" + tokenizer),
        "--output " + tokenizer + " exists: choose another name, or --overwrite to replace it");
    Path directory = Files.createDirectory(folder.resolve("photos"));
    Path photo = write(directory.resolve("photo.jpg"), "smile");
    refused(
        learn("--vocab-size=300", "--output=" + directory, "--overwrite"),
        "photos is a directory, not a file");
    refused(encode("--input=" + text, "--output=" + tokenizer), "t.json exists");
    refused(encode("--input=" + folder + "/rhyme*", "--output=" + directory), "photos exists");
    refused(
        encode("--input=" + folder + "/rhyme*", "--output=" + directory, "--overwrite"),
        "photos holds other files than parts; --overwrite replaces parts only");
    refused(
        encode("--input=" + folder + "/rhyme*", "--output=" + tokenizer),
        "t.json is a file, not a directory");
    assertThat(photo).hasContent("smile");
  }

  /** Found in the midst of the work: of the output, nothing stays. */
  @Test
  void anOutputThatFailsIsNotThere() throws IOException {
    Path invalid = Files.write(folder.resolve("late.txt"), new byte[] {'a', (byte) 0xE9, 'b'});
    Path file = folder.resolve("failed ids");
    Path parts = folder.resolve("failed parts");

    refused(encode("--input=" + invalid, "--output=" + file), "late.txt is not UTF-8 text");
    refused(encode("--input=" + invalid, "--output=" + parts + "/"), "late.txt is not UTF-8 text");

    try (Stream<Path> names = Files.list(folder)) {
      assertThat(names.map(Path::toString)).noneMatch(name -> name.contains("failed"));
    }
  }

  @Test
  void aTokenizerThatIsNone() throws IOException {
    String json = Files.readString(tokenizer);
    refused(use(folder.resolve("gone.json")), "gone.json: there is no such file or folder");
    refused(use(Files.createDirectory(folder.resolve("no tokenizer"))), "it has neither");
    refused(use(write(folder.resolve("cut.json"), json.substring(0, 900))), "not valid JSON");
    refused(
        use(write(folder.resolve("unigram.json"), json.replace("\"BPE\"", "\"Unigram\""))),
        "Unigram");
    refused(
        use(
            write(
                folder.resolve("dropout.json"),
                json.replaceFirst("\"dropout\" ?: ?null", "\"dropout\":0.1"))),
        "dropout");
    refused(use(write(folder.resolve("my.tiktoken"), "what is this?")), "my.tiktoken: ");
  }

  @Test
  void idsThatAreNone() {
    Path ids = write(folder.resolve("ids"), "1 2 three");
    refused(
        kindling("tokenizer", "decode", "--tokenizer=" + tokenizer, "--input=" + ids),
        "ids, at byte 4: 'three' is not a token id");
    write(ids, "1 270");
    refused(
        kindling("tokenizer", "decode", "--tokenizer=" + tokenizer, "--input=" + ids),
        "ids, at byte 2: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tokenizer.type=bpe;tokenizer.vocab-size=100 | tokenizer.vocab-size = 100: must be at least 257
          tokenizer.type=word                         | tokenizer.type = word: must be one of char, bpe
          tokenizer.pattern=gpt5                      | tokenizer.pattern = gpt5: must be one of gpt2
          tokenizer.path=/no/such/file                | no tokenizer /no/such/file: there is no such file or folder
          tokenizer.vocab-size=5                      | characters; raise it, or name a token for the others in tokenizer.unknown
          """)
  void aWrongSettingOfTraining(String settings, String message) {
    Path output = folder.resolve("no run");

    refused(train(text, output, settings.split(";")), message);

    assertThat(output).doesNotExist();
  }

  /** As when someone has put another's tokenizer.json into a run. */
  @Test
  void aVocabularyOfAnotherSizeThanTheModels() throws IOException {
    Path run = folder.resolve("run");
    assertThat(train(text, run, "train.steps=2").exitCode()).isZero();
    Files.copy(
        tokenizer,
        run.resolve("tokenizer.json"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    String message =
        run + ": tokenizer.json has 270 tokens and the model 2\\d: they do not belong together\n";

    for (String command : new String[] {"generate", "evaluate"}) {
      Result result = kindling(command, "--model", run.toString());
      assertThat(result.err()).matches("kindling: " + message);
      assertThat(result.exitCode()).isEqualTo(2);
    }
    assertThat(kindling("train", "--resume", run.toString(), "train.steps=4").err())
        .matches("kindling: " + message);
  }

  private static Result learn(String... more) {
    return kindling(
        Stream.concat(Stream.of("tokenizer", "train", "--input=" + text), Stream.of(more))
            .toArray(String[]::new));
  }

  private static Result learnFrom(Path input) {
    return kindling(
        "tokenizer",
        "train",
        "--input=" + input,
        "--vocab-size=300",
        "--output=" + folder.resolve("never.json"));
  }

  private static Result encode(String... more) {
    return kindling(
        Stream.concat(Stream.of("tokenizer", "encode", "--tokenizer=" + tokenizer), Stream.of(more))
            .toArray(String[]::new));
  }

  private static Result inspect(String... more) {
    return kindling(
        Stream.concat(
                Stream.of("tokenizer", "inspect", "--tokenizer=" + tokenizer), Stream.of(more))
            .toArray(String[]::new));
  }

  private static Result use(Path other) {
    return kindling("tokenizer", "inspect", "--tokenizer=" + other);
  }
}
