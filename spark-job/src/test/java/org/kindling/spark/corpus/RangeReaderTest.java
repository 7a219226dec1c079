package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.SafeCut;
import org.kindling.tokenizer.Tokenizer;

class RangeReaderTest {
  private static final Configuration HADOOP = new Configuration();
  private static final List<String> NASTY =
      List.of("a", "b", " ", "\n", "\r\n", "\r", "é", "€", "𝄞", "\u0000", "a\uFEFFb");

  private static final List<String> WORDS =
      List.of(
          "the",
          " the",
          "  ",
          " ",
          "\n",
          "\n\n",
          "\r\n",
          "\t",
          "it's",
          "'S",
          "123",
          "4567",
          "é",
          " €",
          "e\u0301",
          "𝄞",
          "😀",
          "...",
          "?!",
          "\u00A0",
          "\u2028",
          "\u3000",
          "CamelCase",
          "漢字",
          "\u0000",
          "a1b2",
          "/\n",
          "½",
          "ſ",
          "_",
          "\u0085");

  @TempDir Path folder;

  @Test
  void rangesOfAnySizeCoverEachByteOnceAndCutAfterLines() throws IOException {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      String text = randomText(random);
      Path file = write("text-" + seed, text);
      int rangeBytes = 1 + random.nextInt(random.nextBoolean() ? 8 : 200);
      int pieceBytes = 4 + random.nextInt(random.nextBoolean() ? 8 : 200);
      StringBuilder all = new StringBuilder();
      long[] next = {0};
      for (TextRange range : TextFiles.find(file.toString(), HADOOP, rangeBytes).ranges()) {
        StringBuilder own = new StringBuilder();
        RangeReader.read(
            range,
            HADOOP,
            SafeCut.LINES,
            pieceBytes,
            1 << 20,
            Optional.empty(),
            (piece, offset) -> {
              assertThat(offset).isEqualTo(next[0]);
              next[0] += piece.getBytes(StandardCharsets.UTF_8).length;
              own.append(piece);
            });
        all.append(own);
        assertThat(own.isEmpty() || own.toString().endsWith("\n") || next[0] == Files.size(file))
            .as("seed %d: a range ends with a line", seed)
            .isTrue();
      }
      assertThat(all.toString())
          .as("seed %d, ranges of %d, pieces of %d bytes", seed, rangeBytes, pieceBytes)
          .isEqualTo(text);
    }
  }

  @Test
  void aRangeHasTheLinesThatBeginInIt() throws IOException {
    Path file = write("lines", "one\ntwo\nthree\n");

    assertThat(read(file, 0, 4)).isEqualTo("one\n");
    assertThat(read(file, 4, 5)).isEqualTo("two\n");
    assertThat(read(file, 1, 5)).isEqualTo("two\n");
    assertThat(read(file, 5, 8)).isEmpty();
    assertThat(read(file, 5, 9)).isEqualTo("three\n");
    assertThat(read(file, 0, 14)).isEqualTo("one\ntwo\nthree\n");
  }

  @Test
  void aLineLongerThanAPieceIsCutBetweenCharacters() throws IOException {
    String line = "€".repeat(400_000) + "𝄞".repeat(300_000);
    Path file = write("long", line);
    List<String> pieces = new ArrayList<>();

    for (TextRange range : TextFiles.find(file.toString(), HADOOP, 1 << 19).ranges()) {
      RangeReader.read(range, HADOOP, SafeCut.ANYWHERE, (piece, offset) -> pieces.add(piece));
    }

    assertThat(pieces).hasSizeGreaterThan(2);
    assertThat(String.join("", pieces)).isEqualTo(line);
  }

  /** Of any pattern, with ranges and pieces of a few bytes, over text made to be cut wrongly. */
  @ParameterizedTest
  @EnumSource
  void theIdsOfTinyRangesAndPiecesAreThoseOfTheWholeText(PreTokenPattern pattern)
      throws IOException {
    Tokenizer tokenizer = BytePairs.learned(pattern, String.join("", WORDS).repeat(3));
    int cuts = 0;
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      String text = words(random);
      Path file = write("text-" + seed, text);
      int rangeBytes = 1 + random.nextInt(random.nextBoolean() ? 8 : 200);
      int pieceBytes = 4 + random.nextInt(random.nextBoolean() ? 8 : 200);
      List<Integer> ids = new ArrayList<>();
      for (TextRange range : TextFiles.find(file.toString(), HADOOP, rangeBytes).ranges()) {
        List<String> pieces = new ArrayList<>();
        RangeReader.read(
            range,
            HADOOP,
            tokenizer.cuts(),
            pieceBytes,
            1 << 20,
            Optional.empty(),
            (piece, offset) -> pieces.add(piece));
        for (String piece : pieces) {
          Arrays.stream(tokenizer.encode(piece)).forEach(ids::add);
          cuts++;
        }
      }
      assertThat(ids)
          .as("seed %d, ranges of %d, pieces of %d bytes", seed, rangeBytes, pieceBytes)
          .containsExactlyElementsOf(Arrays.stream(tokenizer.encode(text)).boxed().toList());
    }
    assertThat(cuts).as("that many pieces were really cut").isGreaterThan(500);
  }

  @Test
  void aPieceGrowsUntilItsTextCanBeCut() throws IOException {
    Path file = write("grows", "short\n" + "long ".repeat(30) + "\n" + "b\n".repeat(400));
    TextRange range = TextFiles.find(file.toString(), HADOOP).ranges().get(0);
    List<String> pieces = new ArrayList<>();

    RangeReader.read(
        range,
        HADOOP,
        SafeCut.LINES,
        16,
        1 << 20,
        Optional.empty(),
        (piece, offset) -> pieces.add(piece));

    assertThat(String.join("", pieces)).isEqualTo(Files.readString(file));
    assertThat(pieces).hasSizeGreaterThan(2).contains("short\n");
    assertThatThrownBy(
            () ->
                RangeReader.read(
                    range, HADOOP, SafeCut.LINES, 16, 100, Optional.empty(), (piece, offset) -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageMatching(
            ".*grows, from byte 6 on: \\d+ bytes of text without a place where the tokenizer's"
                + " pattern lets it be cut; this machine takes 100");
  }

  /** The reason is not that it cannot be cut. */
  @Test
  void bytesThatAreNoTextAndNowhereCutAreNamed() throws IOException {
    byte[] bytes = new byte[5000];
    Arrays.fill(bytes, (byte) 0x9F);
    Path file = Files.write(folder.resolve("binary"), bytes);

    for (TextRange range : TextFiles.find(file.toString(), HADOOP, 5000).ranges()) {
      assertThatThrownBy(
              () ->
                  RangeReader.read(
                      range,
                      HADOOP,
                      SafeCut.LINES,
                      100,
                      1000,
                      Optional.empty(),
                      (piece, offset) -> {}))
          .isInstanceOf(InputException.class)
          .hasMessageEndingWith("binary is not UTF-8 text: byte 0x9F at offset 0");
    }
  }

  /** Ranges may be anything; what they say of the file's bytes is not about where it was cut. */
  @Test
  void theDigestIsOfTheRangesOwnBytes() throws IOException {
    Path file = write("digest", "\uFEFFto be, or not\nto be ".repeat(20));
    for (int rangeBytes : new int[] {1, 2, 3, 4, 7, 50, 1000}) {
      for (TextRange range : TextFiles.find(file.toString(), HADOOP, rangeBytes).ranges()) {
        byte[] own =
            Arrays.copyOfRange(
                Files.readAllBytes(file),
                Math.max(3, (int) range.start()),
                Math.max(3, (int) range.end()));
        TextDigest expected = new TextDigest();
        expected.add(own, 0, own.length, range.start());
        expected.endBlock(true);
        for (SafeCut cuts : List.of(SafeCut.ANYWHERE, SafeCut.LINES)) {
          TextDigest digest = new TextDigest();
          RangeReader.read(
              range, HADOOP, cuts, 8, 1 << 20, Optional.of(digest), (piece, offset) -> {});
          digest.endBlock(true);
          assertThat(digest.value())
              .as("bytes %d to %d", range.start(), range.end())
              .isEqualTo(expected.value());
        }
      }
    }
  }

  @Test
  void aStreamIsReadLikeAFile() {
    String text = "\uFEFFone two\nthree ".repeat(100_000);
    List<String> pieces = new ArrayList<>();

    RangeReader.read(
        "standard input",
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
        SafeCut.LINES,
        (piece, offset) -> pieces.add(piece));

    assertThat(pieces).hasSizeGreaterThan(1);
    assertThat(String.join("", pieces)).isEqualTo(text.substring(1));
  }

  @Test
  void aByteOrderMarkIsDroppedAtTheStartOnly() throws IOException {
    Path file = write("mark", "\uFEFFabc\n\uFEFFd");

    assertThat(read(file, 0, 7)).isEqualTo("abc\n");
    assertThat(read(file, 7, 11)).isEqualTo("\uFEFFd");
  }

  @Test
  void bytesThatAreNotUtf8AreNamed() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("first\nsé".getBytes(StandardCharsets.UTF_8));
    bytes.write(0xE9);
    bytes.writeBytes("rest\n".getBytes(StandardCharsets.UTF_8));
    Path latin = Files.write(folder.resolve("latin1.txt"), bytes.toByteArray());
    Path cut = Files.write(folder.resolve("cut.txt"), new byte[] {'a', (byte) 0xE2, (byte) 0x82});

    assertThatThrownBy(() -> read(latin, 6, 15))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("latin1.txt is not UTF-8 text: byte 0xE9 at offset 9");
    assertThatThrownBy(() -> read(cut, 0, 3))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("cut.txt is not UTF-8 text: byte 0xE2 at offset 1");
  }

  @Test
  void aFileThatVanishedOrShrankIsNamed() throws IOException {
    Path file = write("short.txt", "abc");
    TextRange longer = new TextRange(file.toString(), 0, 9, 9, false, List.of());
    TextRange gone =
        new TextRange(folder.resolve("gone.txt").toString(), 0, 9, 9, false, List.of());

    assertThatThrownBy(
            () -> RangeReader.read(longer, HADOOP, SafeCut.ANYWHERE, (piece, offset) -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("short.txt became shorter while it was read");
    assertThatThrownBy(
            () -> RangeReader.read(gone, HADOOP, SafeCut.ANYWHERE, (piece, offset) -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("cannot read .*gone.txt: .*does not exist");
  }

  @Test
  void aDamagedCompressedFileIsNamed() throws IOException {
    Path file = write("text.gz", "this was never compressed");

    assertThatThrownBy(
            () ->
                RangeReader.read(
                    TextFiles.find(file.toString(), HADOOP).ranges().get(0),
                    HADOOP,
                    SafeCut.ANYWHERE,
                    (piece, offset) -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("cannot read .*text.gz: .*not a gzip file.*");
  }

  private String read(Path file, long start, long end) throws IOException {
    StringBuilder text = new StringBuilder();
    TextRange range =
        new TextRange(file.toString(), start, end, Files.size(file), false, List.of());
    RangeReader.read(range, HADOOP, SafeCut.LINES, (piece, offset) -> text.append(piece));
    return text.toString();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String words(Random random) {
    StringBuilder text = new StringBuilder(random.nextInt(10) == 0 ? "" : "x");
    for (int i = random.nextInt(80); i >= 0; i--) {
      text.append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return text.toString();
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder("x");
    int parts = random.nextInt(60);
    boolean oneLine = random.nextInt(5) == 0;
    for (int i = 0; i < parts; i++) {
      String part = NASTY.get(random.nextInt(NASTY.size()));
      text.append(oneLine && part.contains("\n") ? "-" : part);
    }
    return text.toString();
  }
}
