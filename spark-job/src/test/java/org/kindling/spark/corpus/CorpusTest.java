package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

class CorpusTest {
  private static JavaSparkContext spark;

  @TempDir Path folder;

  @BeforeAll
  static void startSpark() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("corpus")
                .set("spark.ui.enabled", "false"));
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @Test
  void theVocabularyIsEveryCodePointOnce() throws IOException {
    write("a", "bé\n");
    write("b", "\uFEFFa𝄞b\r\n");

    assertThat(Vocabulary.find(spark, TextFiles.find(folder.toString(), hadoop(), 2)))
        .containsExactly('\n', '\r', 'a', 'b', 'é', 0x1D11E);
  }

  @Test
  void theMostFrequentCharactersAreKept() throws IOException {
    write("a", "ccc𝄞𝄞𝄞bb");
    write("b", "aab\n");
    CharacterCounts counts =
        CharacterCounts.of(spark, TextFiles.find(folder.toString(), hadoop(), 2));

    assertThat(counts.size()).isEqualTo(5);
    assertThat(counts.mostFrequent(9)).containsExactly('\n', 'a', 'b', 'c', 0x1D11E);
    assertThat(counts.mostFrequent(4)).containsExactly('a', 'b', 'c', 0x1D11E);
    // Of three that are equally frequent the smaller ones.
    assertThat(counts.mostFrequent(2)).containsExactly('b', 'c');
  }

  @Test
  void theSplitIsNanoGptsAndTheCountsAddUp() throws IOException {
    write("a", "x".repeat(1000) + "𝄞".repeat(15));

    try (Corpus corpus = corpus(0.1)) {
      assertThat(corpus.tokens()).isEqualTo(1015);
      assertThat(corpus.characters()).isEqualTo(1015);
      assertThat(corpus.documents()).isEqualTo(1);
      assertThat(corpus.trainingTokens()).isEqualTo((long) (0.9 * 1015));
      assertThat(corpus.validationTokens()).isEqualTo(1015 - 913);
      assertThat(corpus.windows(10)).isEqualTo(11);
    }
  }

  @Test
  void aCompressedFileIsTheSameText() throws IOException {
    String text = "to be, or not to be\n".repeat(50);
    Path plain = Files.writeString(folder.resolve("a.txt"), text);
    Path compressed = folder.resolve("b.txt.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    try (Corpus a = corpus(plain, 0.1);
        Corpus b = corpus(compressed, 0.1)) {
      assertThat(b.fingerprint()).isEqualTo(a.fingerprint());
      assertThat(firstChunks(b.trainingShards(8, 4, 2)))
          .isEqualTo(firstChunks(a.trainingShards(8, 4, 2)));
    }
  }

  /** More than a block, so that plain it is several ranges and compressed it is one. */
  @Test
  void aLargeCompressedFileHasTheSameFingerprint() throws IOException {
    String text = "\uFEFF" + "to be, or not to be\n".repeat(500_000);
    Path plain = write("a.txt", text);
    Path compressed = folder.resolve("b.txt.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(TextFiles.find(plain.toString(), hadoop()).ranges()).hasSize(3);
    assertThat(TextFiles.find(compressed.toString(), hadoop()).ranges()).hasSize(1);
    assertThat(fingerprint(compressed)).isEqualTo(fingerprint(plain));
  }

  @Test
  void aDamagedCompressedFileIsNamed() throws IOException {
    Path compressed = folder.resolve("cut.txt.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      new Random(1).ints(100_000, 'a', 'z').forEach(c -> writeByte(out, c));
    }
    byte[] bytes = Files.readAllBytes(compressed);
    Files.write(compressed, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> corpus(compressed, 0).close())
        .cause()
        .isInstanceOf(InputException.class)
        .hasMessage("cannot read file:" + compressed + ": Unexpected end of input stream");

    bytes[bytes.length / 2] ^= 0x55;
    Files.write(compressed, bytes);
    assertThatThrownBy(() -> corpus(compressed, 0).close())
        .cause()
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cut.txt.gz");
  }

  private static void writeByte(OutputStream out, int value) {
    try {
      out.write(value);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * Shards of more than a mebibyte lie in files; lost ones are made again, sent ones sent whole.
   */
  @Test
  void largeShardsAreTheTextToo() throws IOException {
    String text =
        new Random(1)
            .ints(2_500_000, 'a', 'z' + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    Path file = write("a", text);
    try (Corpus corpus = corpus(file, 0)) {
      JavaRDD<Shard> shards = corpus.trainingShards(99, 2, 2);
      List<String> chunks = shards.map(CorpusTest::someChunks).collect();

      assertThat(shards.collect().get(1).isMapped()).isTrue();
      String expected = text.substring(0, 1_250_000) + text.substring(1_249_950, 2_499_950);
      assertThat(String.join("", chunks).equals(expected)).isTrue();
      shards.unpersist(true);
      assertThat(shards.map(CorpusTest::someChunks).collect()).isEqualTo(chunks);
      assertThat(shards.collect().stream().map(CorpusTest::someChunks).toList()).isEqualTo(chunks);
    }
  }

  /** Chunks that touch, as text. */
  private static String someChunks(Shard shard) {
    StringBuilder text = new StringBuilder();
    int[] chunk = new int[100];
    for (long ordinal = 0; ordinal < shard.starts(); ordinal += 100) {
      shard.chunk(ordinal, chunk, 0);
      Arrays.stream(chunk).forEach(id -> text.append((char) ('a' + id)));
    }
    return text.toString();
  }

  /** Each row of a million is a document; the driver keeps a byte or two of each. */
  @Test
  void manyTinyDocumentsTakeLittleMemory() throws IOException {
    Path file = folder.resolve("many.jsonl");
    Files.write(file, Collections.nCopies(1_000_000, "{\"text\":\"abc\"}"));
    Files.writeString(file, "{\"text\":\"abcabcabcabc\"}\n", StandardOpenOption.APPEND);
    TextFiles files =
        TextFiles.find(
            file.toString(), new JsonLines("text", DocumentReader.Nulls.REFUSED), hadoop());
    Tokenizer tokenizer = CharacterTokenizer.of(new int[] {'a', 'b', 'c'});

    try (Corpus corpus = Corpus.count(spark, files, tokenizer, 0)) {
      assertThat(corpus.documents()).isEqualTo(1_000_001);
      assertThat(corpus.tokens()).isEqualTo(3_000_012);
      assertThat(corpus.chunks(3)).isEqualTo(9);
      assertThat(corpus.trainingShards(3, 4, 2).map(Shard::starts).collect())
          .containsExactly(2L, 2L, 2L, 3L);
      assertThat(corpus.chunks(2)).isEqualTo(1_000_010);
    }
  }

  @Test
  void thousandsOfSmallFilesShareTasks() throws IOException {
    for (int f = 0; f < 3000; f++) {
      write("small/" + f, "some text");
    }
    write("small/large", "x".repeat(9_000_000));
    TextFiles files = TextFiles.find(folder.resolve("small").toString(), hadoop());

    List<ArrayList<TextRange>> groups = LocatedTasks.groups(files.ranges(), 16);

    assertThat(groups).hasSizeBetween(12, 16);
    assertThat(groups.stream().flatMap(List::stream).toList()).isEqualTo(files.ranges());
    assertThat(corpus(folder.resolve("small"), 0).tokens()).isEqualTo(9 * 3000 + 9_000_000);
  }

  @Test
  void theFingerprintIsOfTheTextAndItsDocumentsNotOfTheirNames() throws IOException {
    Path one = write("one/a", "some text\n");
    Path renamed = write("renamed/b", "some text\n");
    Path other = write("other/a", "some test\n");
    write("two/a", "some ");
    Path two = write("two/b", "text\n");

    assertThat(fingerprint(renamed)).isEqualTo(fingerprint(one)).matches("[0-9a-f]{64}");
    assertThat(fingerprint(other)).isNotEqualTo(fingerprint(one));
    assertThat(fingerprint(two.getParent())).isNotEqualTo(fingerprint(one));
  }

  @Test
  void theFingerprintDoesNotDependOnTheTokenizer() throws IOException {
    write("a", "\uFEFFsome text, and more\nof it\n".repeat(20));
    TextFiles files = TextFiles.find(folder.toString(), hadoop(), 64);
    Tokenizer characters = CharacterTokenizer.of(Vocabulary.find(spark, files));

    try (Corpus one = Corpus.count(spark, files, characters, 0);
        Corpus other = Corpus.count(spark, files, BytePairs.learned("some text"), 0)) {
      assertThat(one.fingerprint()).isEqualTo(other.fingerprint());
      assertThat(other.characters()).isEqualTo(one.characters());
    }
  }

  @Test
  void anEndOfTextTokenEndsEachDocumentAndJoinsItToTheNext() throws IOException {
    write("a", "one two\n");
    write("b", "three");
    write("c", "\uFEFF");
    Tokenizer tokenizer = BytePairs.learned("one two three", "<|endoftext|>");
    int end = tokenizer.endOfText().getAsInt();
    List<Integer> expected = new ArrayList<>();
    for (String text : List.of("one two\n", "three", "")) {
      Arrays.stream(tokenizer.encode(text)).forEach(expected::add);
      expected.add(end);
    }

    for (int rangeBytes : new int[] {1, 3, 1000}) {
      TextFiles files = TextFiles.find(folder.toString(), hadoop(), rangeBytes);
      try (Corpus corpus = Corpus.count(spark, files, tokenizer, 0)) {
        assertThat(corpus.documents()).isEqualTo(1);
        assertThat(corpus.tokens()).isEqualTo(expected.size());
        assertThat(corpus.characters()).isEqualTo("one two\nthree".length());
        int[] all = new int[expected.size()];
        corpus.trainingShards(expected.size() - 1, 1, 1).first().chunk(0, all, 0);
        assertThat(all).containsExactly(expected.stream().mapToInt(i -> i).toArray());
      }
    }
  }

  @Test
  void withoutAnEndOfTextTokenDocumentsStayApart() throws IOException {
    write("a", "one two\n");
    write("b", "three");
    Tokenizer tokenizer = BytePairs.learned("one two three", "<|somethingelse|>");

    try (Corpus corpus =
        Corpus.count(spark, TextFiles.find(folder.toString(), hadoop()), tokenizer, 0)) {
      assertThat(corpus.documents()).isEqualTo(2);
      assertThat(corpus.tokens())
          .isEqualTo(tokenizer.encode("one two\n").length + tokenizer.encode("three").length);
    }
  }

  /**
   * Characters of several tokens, tokens of several characters, and an end of text, which is none.
   */
  @Test
  void targetsAreAsManyCharactersAsTheirTextHas() throws IOException {
    String text = "one two 😀 three €\n".repeat(7);
    write("a", text);
    write("b", text);
    Tokenizer joined = BytePairs.learned("one two one two three", "<|endoftext|>");
    Tokenizer apart = BytePairs.learned("one two one two three");
    TextFiles files = TextFiles.find(folder.toString(), hadoop(), 10);
    int characters = text.codePointCount(0, text.length());

    try (Corpus corpus = Corpus.count(spark, files, joined, 1)) {
      // All but the first token, which begins with an o, are targets of some window.
      assertThat(corpus.targetCharacters(corpus.validationShards(5, 4, 2, 0)))
          .isEqualTo(2 * characters - begun(joined, text));
    }
    try (Corpus corpus = Corpus.count(spark, files, apart, 1)) {
      assertThat(corpus.targetCharacters(corpus.validationShards(5, 4, 2, 0)))
          .isEqualTo(2 * (characters - begun(apart, text)));
    }
  }

  private static int begun(Tokenizer tokenizer, String text) {
    return tokenizer.decode(new int[] {tokenizer.encode(text)[0]}).length();
  }

  @Test
  void aFileThatChangesBetweenThePassesIsNoticed() throws IOException {
    Path file = write("a", "the same length\n");
    try (Corpus corpus = corpus(0.1)) {
      Files.writeString(file, "the game length\n");

      assertThatThrownBy(() -> corpus.trainingShards(3, 1, 1))
          .rootCause()
          .isInstanceOf(InputException.class)
          .hasMessageEndingWith("/a changed while it was read");
    }
  }

  @Test
  void aLostShardIsReadAgain() throws IOException {
    write("a", "abcdefghijklmnopqrstuvwxyz");
    try (Corpus corpus = corpus(0)) {
      JavaRDD<Shard> shards = corpus.trainingShards(3, 4, 2);
      List<List<Integer>> before = firstChunks(shards);

      shards.unpersist(true);

      assertThat(firstChunks(shards)).isEqualTo(before).hasSize(4);
    }
  }

  @Test
  void whatATaskFindsWrongIsTheCauseOfSparksException() throws IOException {
    Path file = write("a", "abc\nabd\n");
    Tokenizer tokenizer = CharacterTokenizer.of(new int[] {'\n', 'a', 'b', 'c'});
    TextFiles files = TextFiles.find(file.toString(), hadoop(), 4);

    assertThatThrownBy(() -> Corpus.count(spark, files, tokenizer, 0.1))
        .cause()
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("/a, in the text from byte 4 on: ", "'d' (U+0064)");
  }

  @Test
  void tooLittleTextIsRefusedWithItsNumbers() throws IOException {
    write("a", "x".repeat(40));
    write("b", "x".repeat(10));
    try (Corpus corpus = corpus(0)) {
      refused(
          () -> corpus.trainingShards(64, 1, 1),
          "the training split has 40 tokens in its longest document; a chunk needs"
              + " model.context + 1 = 65");
      refused(
          () -> corpus.trainingShards(36, 8, 1),
          "the training split has 4 chunks of model.context + 1 = 37 tokens; train.shards = 8"
              + " needs at least one for each");
      refused(() -> corpus.trainingShards(4, 3, 1), "train.shards = 3 must be a power of two");
      refused(
          () -> corpus.validationShards(4, 1, 1, 0),
          "the validation split has 0 tokens in its longest document; a window needs 2: raise"
              + " data.validation-fraction, or train without evaluation");
    }
    refused(() -> corpus(1.5).close(), "data.validation-fraction = 1.5 must be from 0 to 1");
    refused(() -> corpus(Double.NaN).close(), "data.validation-fraction = NaN must be from 0 to 1");
    Path mark = write("mark/c", "\uFEFF");
    refused(
        () -> Vocabulary.find(spark, TextFiles.find(mark.toString(), hadoop())),
        mark + " holds no text");
  }

  @Test
  void tasksPreferTheHostsThatKeepMostOfTheirBytes() {
    TextRange one = range(0, 100, List.of("alpha", "beta"));
    TextRange two = range(100, 150, List.of("gamma", "beta"));
    TextRange three = range(150, 160, List.of("delta"));

    assertThat(LocatedTasks.hosts(List.of(one, two, three)))
        .containsExactly("beta", "alpha", "gamma");
    JavaRDD<TextRange> ranges = LocatedTasks.ranges(spark, List.of(one, two, three));
    RDD<?> located = ranges.rdd().firstParent(ClassTag$.MODULE$.Any());
    assertThat(CollectionConverters.asJava(located.preferredLocations(located.partitions()[2])))
        .containsExactly("delta");
    assertThat(ranges.collect()).containsExactly(one, two, three);
  }

  private static TextRange range(long start, long end, List<String> hosts) {
    return new TextRange("hdfs://alpha/text", start, end, 160, false, hosts);
  }

  private static void refused(Runnable action, String message) {
    assertThatThrownBy(action::run).isInstanceOf(InputException.class).hasMessage(message);
  }

  private static List<List<Integer>> firstChunks(JavaRDD<Shard> shards) {
    List<List<Integer>> chunks = new ArrayList<>();
    for (Shard shard : shards.collect()) {
      int[] chunk = new int[9];
      shard.chunk(0, chunk, 0);
      chunks.add(Arrays.stream(chunk).boxed().toList());
    }
    return chunks;
  }

  private static Configuration hadoop() {
    return spark.hadoopConfiguration();
  }

  private Corpus corpus(double fraction) {
    return corpus(folder, fraction);
  }

  private static Corpus corpus(Path path, double fraction) {
    TextFiles files = TextFiles.find(path.toString(), hadoop());
    Tokenizer tokenizer = CharacterTokenizer.of(Vocabulary.find(spark, files));
    return Corpus.count(spark, files, tokenizer, fraction);
  }

  private static String fingerprint(Path path) {
    try (Corpus corpus = corpus(path, 0)) {
      return corpus.fingerprint();
    }
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
