package org.kindling.spark.command.train;

import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.tokenizing.PreTokenCounting;
import org.kindling.tokenizer.BytePairTokenizer;
import org.kindling.tokenizer.BytePairVocabulary;
import org.kindling.tokenizer.PreTokenCounts;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.learning.BytePairLearner;

/**
 * Learns byte-level BPE from a text and shows how far it is: Spark counts, the driver merges.
 *
 * @param vocabularySize tokens, special ones included
 */
public record BytePairLearning(
    int vocabularySize, List<String> specialTokens, PreTokenPattern pattern) {

  public BytePairLearning {
    BytePairLearner.check(vocabularySize, specialTokens);
  }

  /**
   * Learns.
   *
   * @throws org.kindling.spark.InputException if there is no text; directly or as a cause of
   *     Spark's exception if it cannot be read
   */
  public Tokenizer from(TextFiles text, JavaSparkContext spark) {
    PreTokenCounts counts;
    try (WorkProgress progress = WorkProgress.of("counting pre-tokens")) {
      counts = PreTokenCounting.of(spark, text, pattern, progress::at);
    }
    int distinct = counts.size(); // learning uses the counts up
    BytePairVocabulary vocabulary;
    try (WorkProgress progress = WorkProgress.of("learning merges")) {
      vocabulary =
          BytePairLearner.learn(counts, vocabularySize, specialTokens, pattern, progress::at);
    }
    System.out.printf(
        Locale.ROOT,
        "learned %,d tokens from %,d distinct pre-tokens%s%n",
        vocabulary.size(),
        distinct,
        vocabulary.size() < vocabularySize
            ? String.format(
                Locale.ROOT, "; the text has nothing left to merge for %,d", vocabularySize)
            : "");
    return new BytePairTokenizer(vocabulary);
  }
}
