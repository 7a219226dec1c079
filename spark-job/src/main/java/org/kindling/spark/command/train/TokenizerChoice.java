package org.kindling.spark.command.train;

import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.CharacterCounts;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.settings.TokenizerSettings;
import org.kindling.spark.tokenizing.TokenizerPath;
import org.kindling.tokenizer.CharacterTokenizer;
import org.kindling.tokenizer.Tokenizer;

/** The tokenizer of a new run: one that exists, or one made for the run's text. */
final class TokenizerChoice {
  private TokenizerChoice() {}

  /**
   * Reads or makes it.
   *
   * @throws InputException if the settings do not fit the text, or the tokenizer cannot be read
   */
  static Tokenizer of(TokenizerSettings settings, TextFiles files, JavaSparkContext spark) {
    if (!settings.path().isBlank()) {
      return TokenizerPath.read(
          settings.path(),
          Optional.of(settings.pattern()),
          settings.specialTokens(),
          spark.hadoopConfiguration());
    }
    return switch (settings.type()) {
      case CHAR -> characters(settings, files, spark);
      case BPE ->
          new BytePairLearning(settings.vocabSize(), settings.specialTokens(), settings.pattern())
              .from(files, spark);
    };
  }

  private static Tokenizer characters(
      TokenizerSettings settings, TextFiles files, JavaSparkContext spark) {
    String unknown = settings.unknown();
    CharacterCounts counts = CharacterCounts.of(spark, files);
    int[] kept =
        settings.vocabSize() == 0 ? counts.codePoints() : mostFrequent(settings, counts, files);
    return unknown.isEmpty() ? CharacterTokenizer.of(kept) : CharacterTokenizer.of(kept, unknown);
  }

  private static int[] mostFrequent(
      TokenizerSettings settings, CharacterCounts counts, TextFiles files) {
    if (settings.unknown().isEmpty() && counts.size() > settings.vocabSize()) {
      throw new InputException(
          "tokenizer.vocab-size = %d: %s has %d characters; raise it, or name a token for the others in tokenizer.unknown"
              .formatted(settings.vocabSize(), files.input(), counts.size()));
    }
    return counts.mostFrequent(settings.vocabSize() - (settings.unknown().isEmpty() ? 0 : 1));
  }
}
