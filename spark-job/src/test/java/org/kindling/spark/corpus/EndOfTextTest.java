package org.kindling.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.corpus.CorpusFixture.corpus;
import static org.kindling.spark.corpus.CorpusFixture.spark;
import static org.kindling.spark.corpus.CorpusFixture.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.tokenizer.Tokenizer;

/** Where documents end: joined by an end-of-text token, or apart without one. */
@ExtendWith(CorpusFixture.class)
class EndOfTextTest {
  @TempDir Path folder;

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
}
