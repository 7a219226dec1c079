package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.kindling.spark.corpus.CorpusFixture.corpus;
import static org.kindling.spark.corpus.CorpusFixture.fingerprint;
import static org.kindling.spark.corpus.CorpusFixture.firstChunks;
import static org.kindling.spark.corpus.CorpusFixture.spark;
import static org.kindling.spark.corpus.CorpusFixture.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

@ExtendWith(CorpusFixture.class)
class CorpusTest {
  @TempDir Path folder;

  @Test
  void theSplitIsNanoGptsAndTheCountsAddUp() throws IOException {
    write(folder, "a", "x".repeat(1000) + "𝄞".repeat(15));

    try (Corpus corpus = corpus(folder, 0.1)) {
      assertThat(corpus.tokens()).isEqualTo(1015);
      assertThat(corpus.characters()).isEqualTo(1015);
      assertThat(corpus.documents()).isEqualTo(1);
      assertThat(corpus.trainingTokens()).isEqualTo((long) (0.9 * 1015));
      assertThat(corpus.validationTokens()).isEqualTo(1015 - 913);
      assertThat(corpus.windows(10)).isEqualTo(11);
    }
  }

  @Test
  void theFingerprintIsOfTheTextAndItsDocumentsNotOfTheirNames() throws IOException {
    Path one = write(folder, "one/a", "some text\n");
    Path renamed = write(folder, "renamed/b", "some text\n");
    Path other = write(folder, "other/a", "some test\n");
    write(folder, "two/a", "some ");
    Path two = write(folder, "two/b", "text\n");

    assertThat(fingerprint(renamed)).isEqualTo(fingerprint(one)).matches("[0-9a-f]{64}");
    assertThat(fingerprint(other)).isNotEqualTo(fingerprint(one));
    assertThat(fingerprint(two.getParent())).isNotEqualTo(fingerprint(one));
  }

  @Test
  void theFingerprintDoesNotDependOnTheTokenizer() throws IOException {
    write(folder, "a", "\uFEFFsome text, and more\nof it\n".repeat(20));
    TextFiles files = TextFiles.find(folder.toString(), spark().hadoopConfiguration(), 64);
    Tokenizer characters = CharacterTokenizer.of(Vocabulary.find(spark(), files));

    try (Corpus one = Corpus.count(spark(), files, characters, 0);
        Corpus other = Corpus.count(spark(), files, BytePairs.learned("some text"), 0)) {
      assertThat(one.fingerprint()).isEqualTo(other.fingerprint());
      assertThat(other.characters()).isEqualTo(one.characters());
    }
  }

  @Test
  void anEndOfTextTokenEndsEachDocumentAndJoinsItToTheNext() throws IOException {
    write(folder, "a", "one two\n");
    write(folder, "b", "three");
    write(folder, "c", "\uFEFF");
    Tokenizer tokenizer = BytePairs.learned("one two three", "<|endoftext|>");
    int end = tokenizer.endOfText().getAsInt();
    List<Integer> expected = new ArrayList<>();
    for (String text : List.of("one two\n", "three", "")) {
      Arrays.stream(tokenizer.encode(text)).forEach(expected::add);
      expected.add(end);
    }

    for (int rangeBytes : new int[] {1, 3, 1000}) {
      TextFiles files =
          TextFiles.find(folder.toString(), spark().hadoopConfiguration(), rangeBytes);
      try (Corpus corpus = Corpus.count(spark(), files, tokenizer, 0)) {
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
    write(folder, "a", "one two\n");
    write(folder, "b", "three");
    Tokenizer tokenizer = BytePairs.learned("one two three", "<|somethingelse|>");

    try (Corpus corpus =
        Corpus.count(
            spark(),
            TextFiles.find(folder.toString(), spark().hadoopConfiguration()),
            tokenizer,
            0)) {
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
    write(folder, "a", text);
    write(folder, "b", text);
    Tokenizer joined = BytePairs.learned("one two one two three", "<|endoftext|>");
    Tokenizer apart = BytePairs.learned("one two one two three");
    TextFiles files = TextFiles.find(folder.toString(), spark().hadoopConfiguration(), 10);
    int characters = text.codePointCount(0, text.length());

    try (Corpus corpus = Corpus.count(spark(), files, joined, 1)) {
      // All but the first token, which begins with an o, are targets of some window.
      assertThat(corpus.targetCharacters(corpus.validationShards(5, 4, 2, 0)))
          .isEqualTo(2 * characters - begun(joined, text));
    }
    try (Corpus corpus = Corpus.count(spark(), files, apart, 1)) {
      assertThat(corpus.targetCharacters(corpus.validationShards(5, 4, 2, 0)))
          .isEqualTo(2 * (characters - begun(apart, text)));
    }
  }

  private static int begun(Tokenizer tokenizer, String text) {
    return tokenizer.decode(new int[] {tokenizer.encode(text)[0]}).length();
  }

  @Test
  void aFileThatChangesBetweenThePassesIsNoticed() throws IOException {
    Path file = write(folder, "a", "the same length\n");
    try (Corpus corpus = corpus(folder, 0.1)) {
      Files.writeString(file, "the game length\n");

      assertThatThrownBy(() -> corpus.trainingShards(3, 1, 1))
          .rootCause()
          .isInstanceOf(InputException.class)
          .hasMessageEndingWith("/a changed while it was read");
    }
  }

  @Test
  void aLostShardIsReadAgain() throws IOException {
    write(folder, "a", "abcdefghijklmnopqrstuvwxyz");
    try (Corpus corpus = corpus(folder, 0)) {
      JavaRDD<Shard> shards = corpus.trainingShards(3, 4, 2);
      List<List<Integer>> before = firstChunks(shards);

      shards.unpersist(true);

      assertThat(firstChunks(shards)).isEqualTo(before).hasSize(4);
    }
  }

  @Test
  void whatATaskFindsWrongIsTheCauseOfSparksException() throws IOException {
    Path file = write(folder, "a", "abc\nabd\n");
    Tokenizer tokenizer = CharacterTokenizer.of(new int[] {'\n', 'a', 'b', 'c'});
    TextFiles files = TextFiles.find(file.toString(), spark().hadoopConfiguration(), 4);

    assertThatThrownBy(() -> Corpus.count(spark(), files, tokenizer, 0.1))
        .cause()
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("/a, in the text from byte 4 on: ", "'d' (U+0064)");
  }

  @Test
  void tooLittleTextIsRefusedWithItsNumbers() throws IOException {
    write(folder, "a", "x".repeat(40));
    write(folder, "b", "x".repeat(10));
    try (Corpus corpus = corpus(folder, 0)) {
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
    refused(
        () -> corpus(folder, 1.5).close(), "data.validation-fraction = 1.5 must be from 0 to 1");
    refused(
        () -> corpus(folder, Double.NaN).close(),
        "data.validation-fraction = NaN must be from 0 to 1");
    Path mark = write(folder, "mark/c", "\uFEFF");
    refused(
        () ->
            Vocabulary.find(
                spark(), TextFiles.find(mark.toString(), spark().hadoopConfiguration())),
        mark + " holds no text");
  }

  @Test
  void tasksPreferTheHostsThatKeepMostOfTheirBytes() {
    TextRange one = range(0, 100, List.of("alpha", "beta"));
    TextRange two = range(100, 150, List.of("gamma", "beta"));
    TextRange three = range(150, 160, List.of("delta"));

    assertThat(LocatedTasks.hosts(List.of(one, two, three)))
        .containsExactly("beta", "alpha", "gamma");
    JavaRDD<TextRange> ranges = LocatedTasks.ranges(spark(), List.of(one, two, three));
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
}
