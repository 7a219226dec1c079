package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.corpus.CorpusFixture.spark;
import static org.kindling.spark.corpus.CorpusFixture.write;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(CorpusFixture.class)
class CharacterCountsTest {
  @TempDir Path folder;

  @Test
  void everyCodePointIsThereOnce() throws IOException {
    write(folder, "a", "bé\n");
    write(folder, "b", "\uFEFFa𝄞b\r\n");

    assertThat(
            CharacterCounts.of(
                    spark(), TextFiles.find(folder.toString(), spark().hadoopConfiguration(), 2))
                .codePoints())
        .containsExactly('\n', '\r', 'a', 'b', 'é', 0x1D11E);
  }

  @Test
  void theMostFrequentCharactersAreKept() throws IOException {
    write(folder, "a", "ccc𝄞𝄞𝄞bb");
    write(folder, "b", "aab\n");
    CharacterCounts counts =
        CharacterCounts.of(
            spark(), TextFiles.find(folder.toString(), spark().hadoopConfiguration(), 2));

    assertThat(counts.size()).isEqualTo(5);
    assertThat(counts.mostFrequent(9)).containsExactly('\n', 'a', 'b', 'c', 0x1D11E);
    assertThat(counts.mostFrequent(4)).containsExactly('a', 'b', 'c', 0x1D11E);
    // Of three that are equally frequent the smaller ones.
    assertThat(counts.mostFrequent(2)).containsExactly('b', 'c');
  }
}
