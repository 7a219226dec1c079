package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.corpus.CorpusFixture.corpus;
import static org.kindling.spark.corpus.CorpusFixture.fingerprint;
import static org.kindling.spark.corpus.CorpusFixture.firstChunks;
import static org.kindling.spark.corpus.CorpusFixture.spark;
import static org.kindling.spark.corpus.CorpusFixture.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;

/** What a corpus counts, what its fingerprint is of, and shards that are lost. */
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
    Tokenizer characters = CharacterTokenizer.of(CharacterCounts.of(spark(), files).codePoints());

    try (Corpus one = Corpus.count(spark(), files, characters, 0);
        Corpus other = Corpus.count(spark(), files, BytePairs.learned("some text"), 0)) {
      assertThat(one.fingerprint()).isEqualTo(other.fingerprint());
      assertThat(other.characters()).isEqualTo(one.characters());
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
}
