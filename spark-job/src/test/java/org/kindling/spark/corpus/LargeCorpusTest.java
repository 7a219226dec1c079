package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.corpus.CorpusFixture.corpus;
import static org.kindling.spark.corpus.CorpusFixture.spark;
import static org.kindling.spark.corpus.CorpusFixture.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;

/** Large shards, many documents, many files. */
@ExtendWith(CorpusFixture.class)
class LargeCorpusTest {
  @TempDir Path folder;

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
    Path file = write(folder, "a", text);
    try (Corpus corpus = corpus(file, 0)) {
      JavaRDD<Shard> shards = corpus.trainingShards(99, 2, 2);
      List<String> chunks = shards.map(LargeCorpusTest::someChunks).collect();

      assertThat(shards.collect().get(1).isMapped()).isTrue();
      String expected = text.substring(0, 1_250_000) + text.substring(1_249_950, 2_499_950);
      assertThat(String.join("", chunks).equals(expected)).isTrue();
      shards.unpersist(true);
      assertThat(shards.map(LargeCorpusTest::someChunks).collect()).isEqualTo(chunks);
      assertThat(shards.collect().stream().map(LargeCorpusTest::someChunks).toList())
          .isEqualTo(chunks);
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

  /** Each row of a million is a document. */
  @Test
  void manyTinyDocumentsAreCountedAndCut() throws IOException {
    Path file = folder.resolve("many.jsonl");
    Files.write(file, Collections.nCopies(1_000_000, "{\"text\":\"abc\"}"));
    Files.writeString(file, "{\"text\":\"abcabcabcabc\"}\n", StandardOpenOption.APPEND);
    TextFiles files =
        TextFiles.find(
            file.toString(),
            new JsonLines("text", DocumentReader.Nulls.REFUSED),
            spark().hadoopConfiguration());
    Tokenizer tokenizer = CharacterTokenizer.of(new int[] {'a', 'b', 'c'});

    try (Corpus corpus = Corpus.count(spark(), files, tokenizer, 0)) {
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
      write(folder, "small/" + f, "some text");
    }
    write(folder, "small/large", "x".repeat(9_000_000));
    TextFiles files =
        TextFiles.find(folder.resolve("small").toString(), spark().hadoopConfiguration());

    List<ArrayList<TextRange>> groups = LocatedTasks.groups(files.ranges(), 16);

    assertThat(groups).hasSizeBetween(12, 16);
    assertThat(groups.stream().flatMap(List::stream).toList()).isEqualTo(files.ranges());
    assertThat(corpus(folder.resolve("small"), 0).tokens()).isEqualTo(9 * 3000 + 9_000_000);
  }
}
