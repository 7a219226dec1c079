package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.kindling.spark.corpus.CorpusFixture.corpus;
import static org.kindling.spark.corpus.CorpusFixture.spark;
import static org.kindling.spark.corpus.CorpusFixture.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;

/** Text that changes, that the tokenizer does not know, or of which there is too little. */
@ExtendWith(CorpusFixture.class)
class BadCorpusTest {
  @TempDir Path folder;

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
            CharacterCounts.of(
                spark(), TextFiles.find(mark.toString(), spark().hadoopConfiguration())),
        mark + " holds no text");
  }

  private static void refused(Runnable action, String message) {
    assertThatThrownBy(action::run).isInstanceOf(InputException.class).hasMessage(message);
  }
}
