package org.kindling.spark.tokenizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.DocumentReader;
import org.kindling.spark.corpus.JsonLines;
import org.kindling.spark.corpus.ParquetColumn;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.tokenizer.BytePairTokenizer;
import org.kindling.tokenizer.PreTokenCounts;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.learning.BytePairLearner;

class PreTokenCountingTest {
  /** GPT-2's pattern as its authors wrote it; its texts here are plain. */
  private static final Pattern GPT2 =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");

  private static JavaSparkContext spark;

  @TempDir Path folder;

  @BeforeAll
  static void startSpark() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[3]")
                .setAppName("pre-tokens")
                .set("spark.ui.enabled", "false"));
  }

  @AfterAll
  static void stopSpark() {
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
    spark.stop();
  }

  @Test
  void pretokensOfAllFilesAreCountedLineByLine() throws IOException {
    List<String> documents = documents();
    for (int d = 0; d < documents.size(); d++) {
      Files.writeString(folder.resolve("text-" + d), documents.get(d));
    }

    assertThat(counts(files(folder))).isEqualTo(expected(documents));
  }

  @Test
  void aLargeFileIsCountedInSeveralRanges() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < 9_000_000; i++) {
      text.append("line ").append(i % 1000).append(" isn't   the last\n");
    }
    Path file = Files.writeString(folder.resolve("large.txt"), text);
    TextFiles files = files(file);
    assertThat(files.ranges()).hasSize(3);

    assertThat(counts(files)).isEqualTo(expected(List.of(text.toString())));
  }

  /**
   * To the last merge, of the built-in plays in seven files whose lines no two of them share.
   * {@code plays-merges.txt} is what version 0.23.2 of the library learned from them (BpeTrainer
   * with {@code initial_alphabet=ByteLevel.alphabet()}, ByteLevel without a prefix space).
   */
  @Test
  void theMergesAreThoseOfTheHuggingFaceLibrary() throws IOException {
    List<String> lines = Arrays.asList(resource("plays.txt").split("(?<=\n)"));
    for (int i = 0; i < 7; i++) {
      List<String> part = lines.subList(lines.size() * i / 7, lines.size() * (i + 1) / 7);
      Files.writeString(folder.resolve("part-" + i), String.join("", part));
    }

    PreTokenCounts counts =
        PreTokenCounting.of(spark, files(folder), PreTokenPattern.GPT2, (done, of) -> {});
    String json =
        new BytePairTokenizer(
                BytePairLearner.learn(
                    counts, 100_000, List.of(), PreTokenPattern.GPT2, (done, of) -> {}))
            .toJson();

    assertThat(merges(json)).isEqualTo(resource("plays-merges.txt").lines().toList());
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = InputException.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> merges(String tokenizerJson) throws IOException {
    List<String> merges = new ArrayList<>();
    new ObjectMapper()
        .readTree(tokenizerJson)
        .at("/model/merges")
        .forEach(merge -> merges.add(merge.asText()));
    return merges;
  }

  @Test
  void aFieldOfJsonLinesIsCounted() throws IOException {
    List<String> documents = documents();
    StringBuilder lines = new StringBuilder();
    for (String document : documents) {
      String json = new ObjectMapper().writeValueAsString(document);
      lines.append("{\"id\": {\"text\": 1}, \"body\": ").append(json).append("}\r\n\n");
    }
    lines.append("{\"body\": null}");
    Path file = folder.resolve("lines.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    assertThat(counts(lines(file, "body"))).isEqualTo(expected(documents));
  }

  @Test
  void aColumnOfParquetIsCounted() throws IOException {
    List<String> documents = new ArrayList<>(documents());
    documents.add(null);
    Path table = parquet(documents);
    documents.remove(null);

    assertThat(counts(column(table, "the body"))).isEqualTo(expected(documents));
  }

  @Test
  void aColumnThatIsNotThereOrNoTextIsNamedWithThoseThatAre() throws IOException {
    Path table = parquet(List.of("text"));

    assertThatThrownBy(() -> counts(column(table, "body")))
        .cause()
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("file:" + table + "/part-0")
        .hasMessageEndingWith(
            ".parquet has no column \"body\"; did you mean the body? It has the body, id");
    assertThatThrownBy(() -> counts(column(table, "id")))
        .cause()
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(
            ".parquet has column \"id\" as required int32 id; its columns of strings are the body");
    Path none = Files.writeString(folder.resolve("none.parquet"), "this is no table");
    assertThatThrownBy(() -> counts(column(none, "text")))
        .cause()
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("file:" + none + " cannot be read as Parquet: ")
        .hasMessageContaining("not a Parquet file");
  }

  @Test
  void aLineThatIsNoObjectWithTheFieldIsNamed() throws IOException {
    String good = "{\"text\": \"é\"}\n";
    for (Map.Entry<String, String> bad :
        Map.of(
                "{\"txt\": \"a\"}", "it has no field \"text\"; did you mean txt?",
                "{\"text\": \"\\ud800 \"}",
                    "its field \"text\" has half a surrogate pair, \\ud800,",
                "{\"text\": 7}", "its field \"text\" is no string but a number",
                "{\"text\": [\"a\"]}", "its field \"text\" is no string but an array",
                "{\"text\": \"a\", \"text\": \"b\"}", "it has the field \"text\" twice",
                "[\"text\"]", "it is no JSON object",
                "{\"text\": \"a\"} {}", "something follows its JSON object",
                "{\"text\": \"a\"", "it is not valid JSON: Unexpected end-of-input",
                "{\"text\": \"a\", \"b\": {]}", "it is not valid JSON: Unexpected")
            .entrySet()) {
      Path file = Files.writeString(folder.resolve("bad.jsonl"), good + bad.getKey() + "\n" + good);

      assertThatThrownBy(() -> counts(lines(file, "text")))
          .cause()
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("file:" + file + ", line 2: ")
          .hasMessageContaining(bad.getValue());
    }
  }

  @Test
  void noTextAtAllIsRefused() throws IOException {
    Path mark = Files.writeString(folder.resolve("mark"), "\uFEFF");
    Path lines = Files.writeString(folder.resolve("empty.jsonl"), "\n{\"text\": \"\"}\n");

    assertThatThrownBy(() -> counts(files(mark)))
        .isInstanceOf(InputException.class)
        .hasMessage(mark + " holds no text");
    assertThatThrownBy(() -> counts(lines(lines, "text")))
        .isInstanceOf(InputException.class)
        .hasMessage(lines + " holds no text");
  }

  @Test
  void theListenerHearsOfTasksInOrderUpToTheLast() throws IOException {
    for (int i = 0; i < 7; i++) {
      Files.writeString(folder.resolve("text-" + i), "some text");
    }
    List<Integer> heard = new ArrayList<>();

    PreTokenCounting.of(
        spark,
        files(folder),
        PreTokenPattern.GPT2,
        (done, of) -> {
          assertThat(of).isEqualTo(7 + 3);
          heard.add(done);
        });

    assertThat(heard).startsWith(0).endsWith(10).isSorted().doesNotHaveDuplicates();
  }

  private static List<String> documents() {
    return List.of(
        "to be, or not to be\n  that   is\nthe question\n",
        "no line end",
        "",
        "\n\n\nto be\n",
        "we've 123 ünïcödé 漢字 😀😀 \u00e9");
  }

  private Path parquet(List<String> documents) {
    Path table = folder.resolve("table.parquet");
    SparkSession session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
    Dataset<String> strings = session.createDataset(documents, Encoders.STRING());
    strings.toDF("the body").selectExpr("`the body`", "1 as id").write().parquet(table.toString());
    return table;
  }

  private static Map<String, Long> expected(List<String> documents) {
    Map<String, Long> counts = new TreeMap<>();
    for (String document : documents) {
      for (String line : document.split("(?<=\n)")) {
        GPT2.matcher(line).results().forEach(match -> counts.merge(match.group(), 1L, Long::sum));
      }
    }
    return counts;
  }

  private static Map<String, Long> counts(TextFiles text) {
    PreTokenCounts counts =
        PreTokenCounting.of(spark, text, PreTokenPattern.GPT2, (done, of) -> {});
    Map<String, Long> map = new TreeMap<>();
    counts.forEach(
        (bytes, from, to, count) ->
            map.put(
                new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.UTF_8), count));
    return map;
  }

  private static TextFiles lines(Path path, String field) {
    return TextFiles.find(
        path.toString(),
        new JsonLines(field, DocumentReader.Nulls.LEFT_OUT),
        spark.hadoopConfiguration());
  }

  private static TextFiles column(Path path, String column) {
    return TextFiles.find(
        path.toString(),
        new ParquetColumn(column, DocumentReader.Nulls.LEFT_OUT),
        spark.hadoopConfiguration());
  }

  private static TextFiles files(Path path) {
    return TextFiles.find(path.toString(), spark.hadoopConfiguration());
  }
}
