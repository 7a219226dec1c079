package org.kindling.spark.tokenizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.BytePairs;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.corpus.TextRange;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;

/** Text to lines of ids and back, in one piece and in parts. */
class EncodingTest {
  private static final Configuration HADOOP = new Configuration();
  private static final Tokenizer TOKENIZER =
      BytePairs.learned("to be, or not to be, that is the question", "<|end of text|>", "<x>");

  @TempDir Path folder;

  @Test
  void eachDocumentIsALineOfIds() throws IOException {
    write("a", "to be,\nor not\n");
    write("b", "to be");
    write("c", "\uFEFF");

    assertThat(encoded(List.of()))
        .isEqualTo(line("to be,\nor not\n") + "\n" + line("to be") + "\n" + "\n");
  }

  /** However small the ranges, and whatever stands in which. */
  @Test
  void partsTogetherAreTheLines() throws IOException {
    write("a", "to be, or not to be\nthat ".repeat(9) + "x".repeat(40) + " 😀\n");
    write("b", "question");
    write("c", "not to be".repeat(3));
    String whole = encoded(List.of());

    for (int bytes : new int[] {1, 2, 3, 10, 100}) {
      StringBuilder parts = new StringBuilder();
      for (TextRange range : ranges(bytes)) {
        parts.append(encoded(List.of(range)));
      }
      assertThat(parts.toString()).as("ranges of %d bytes", bytes).isEqualTo(whole);
    }
  }

  @Test
  void sparkWritesTheSame() throws IOException {
    Path texts = Files.createDirectory(folder.resolve("texts"));
    for (int i = 0; i < 5; i++) {
      write("texts/" + i, "to be, or not to be, that is the question\n".repeat(1 + i * 60_000));
    }
    TextFiles files = TextFiles.find(texts.toString(), HADOOP);
    Encoding encoding = new Encoding(TOKENIZER, Set.of());
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    Encoding.Size size = encoding.encode(files.ranges(), HADOOP, expected);
    Path out = folder.resolve("out");
    SparkConf conf =
        new SparkConf().setMaster("local[2]").setAppName("e").set("spark.ui.enabled", "false");

    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      assertThat(EncodedParts.write(spark, files, encoding, out.toString())).isEqualTo(size);
    }

    assertThat(size.bytes()).isEqualTo(files.bytes());
    List<Path> parts;
    try (Stream<Path> listed = Files.list(out)) {
      parts = listed.sorted().toList();
    }
    assertThat(parts).hasSize(files.ranges().size());
    assertThat(parts).allMatch(part -> part.getFileName().toString().matches(EncodedParts.NAME));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Path part : parts) {
      all.writeBytes(Files.readAllBytes(part));
    }
    assertThat(all.toByteArray()).isEqualTo(expected.toByteArray());
  }

  @Test
  void specialTokensAreTextUnlessAllowedAndNeverCut() throws IOException {
    String text = "to be <|end of text|><x> or <x";
    write("a", text);
    int end = TOKENIZER.encodeWithSpecials("<|end of text|>", Set.of("<|end of text|>"))[0];

    for (int bytes : new int[] {1, 2, 3, 1000}) {
      assertThat(encoded(ranges(bytes))).isEqualTo(line(text) + "\n");
      assertThat(encoded(ranges(bytes), "<|end of text|>"))
          .as("ranges of %d bytes", bytes)
          .isEqualTo(line("to be ") + " " + end + " " + line("<x> or <x") + "\n");
    }
  }

  @Test
  void whatTheTokenizerDoesNotKnowIsNamedWithItsPlace() throws IOException {
    write("a", "aba\nabc");
    Encoding encoding = new Encoding(CharacterTokenizer.of(new int[] {'\n', 'a', 'b'}), Set.of());

    assertThatThrownBy(() -> encoding.encode(ranges(4), HADOOP, new ByteArrayOutputStream()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("/a, in the text from byte 4 on: ")
        .hasMessageContaining("'c' (U+0063) at offset 2");
    assertThatThrownBy(
            () ->
                encoding.encode(
                    "standard input",
                    new ByteArrayInputStream(new byte[] {'a', (byte) 0xFF}),
                    new ByteArrayOutputStream()))
        .isInstanceOf(InputException.class)
        .hasMessage("standard input is not UTF-8 text: byte 0xFF at offset 1");
  }

  @Test
  void decodingGivesTheTextBack() throws IOException {
    String text = "to be,\n or not 😀\r\n\n to be €";

    assertThat(decoded(line(text) + "\n")).isEqualTo(text);
    assertThat(decoded(line("to ") + "\r\n\t " + line("be"))).isEqualTo("to be");
    assertThat(decoded("")).isEmpty();
    write("a", line("to "));
    write("b", "\n" + line("be") + "\n");
    StringWriter out = new StringWriter();
    Decoding.decode(ranges(2), HADOOP, TOKENIZER, out);
    assertThat(out.toString()).isEqualTo("to be");
  }

  /** The euro sign's first two bytes, and in the next line its last. */
  @Test
  void aBrokenCharacterDoesNotReachIntoTheNextLine() throws IOException {
    int[] euro = TOKENIZER.encode("€");
    assertThat(euro).hasSize(3);

    assertThat(decoded("%d %d\n%d\n".formatted(euro[0], euro[1], euro[2])))
        .isEqualTo("\uFFFD\uFFFD");
    assertThat(decoded("%d %d %d\n".formatted(euro[0], euro[1], euro[2]))).isEqualTo("€");
  }

  /** A slow writer on the other side of a pipe. */
  @Test
  void textComesAsSoonAsItsIdsHave() throws IOException {
    String ids = line("to be €") + " ";
    StringWriter out = new StringWriter();
    List<String> seen = new ArrayList<>();
    InputStream slow =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            return at < ids.length() ? ids.charAt(at++) : -1;
          }

          @Override
          public int read(byte[] into, int from, int count) {
            seen.add(out.toString());
            int next = read();
            if (next >= 0) {
              into[from] = (byte) next;
            }
            return next < 0 ? -1 : 1;
          }
        };

    Decoding.decode("standard input", slow, TOKENIZER, out);

    assertThat(out.toString()).isEqualTo("to be €");
    assertThat(seen).contains("to", "to be", "to be ");
    assertThat(seen.get(seen.size() - 1)).isEqualTo("to be €");
    assertThat(seen).allMatch("to be €"::startsWith);
  }

  @Test
  void whatIsNoIdIsNamedWithItsPlace() {
    refused("1 2\nthree", "standard input, at byte 4: 'three' is not a token id");
    refused("-1", "standard input, at byte 0: '-1' is not a token id");
    refused("9999999999", "standard input, at byte 0: '9999999999' is not a token id");
    refused(
        "1 " + "7".repeat(70),
        "standard input, at byte 2: '" + "7".repeat(40) + "...' is not a token id");
    assertThatThrownBy(() -> decoded("1 99999"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("standard input, at byte 2: ")
        .hasMessageContaining("99999");
  }

  private static void refused(String ids, String message) {
    assertThatThrownBy(() -> decoded(ids)).isInstanceOf(InputException.class).hasMessage(message);
  }

  private static String decoded(String ids) throws IOException {
    StringWriter out = new StringWriter();
    Decoding.decode(
        "standard input",
        new ByteArrayInputStream(ids.getBytes(StandardCharsets.UTF_8)),
        TOKENIZER,
        out);
    return out.toString();
  }

  private static String line(String text) {
    return Arrays.stream(TOKENIZER.encode(text))
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" "));
  }

  private String encoded(List<TextRange> ranges, String... allowed) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Encoding(TOKENIZER, Set.of(allowed))
        .encode(ranges.isEmpty() ? ranges(1 << 20) : ranges, HADOOP, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The folder's files in ranges of so many bytes. */
  private List<TextRange> ranges(int bytes) {
    List<TextRange> ranges = new ArrayList<>();
    for (TextRange file : TextFiles.find(folder.toString(), HADOOP).ranges()) {
      for (long start = 0; start < file.fileLength(); start += bytes) {
        long end = Math.min(file.fileLength(), start + bytes);
        ranges.add(new TextRange(file.path(), start, end, file.fileLength(), false, List.of()));
      }
    }
    return ranges;
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
