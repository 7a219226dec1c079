package org.kindling.spark.corpus;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.kindling.tokenizer.BytePairTokenizer;
import org.kindling.tokenizer.PreTokenCounts;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.learning.BytePairLearner;

/** Small byte-level BPE tokenizers for tests. */
public final class BytePairs {
  private BytePairs() {}

  /** One that has merged all there is to merge in a text's pre-tokens. */
  public static Tokenizer learned(String text, String... specialTokens) {
    return learned(PreTokenPattern.GPT2, text, specialTokens);
  }

  public static Tokenizer learned(PreTokenPattern pattern, String text, String... specialTokens) {
    PreTokenCounts counts = new PreTokenCounts();
    char[] chars = text.toCharArray();
    for (int from = 0; from < chars.length; ) {
      int end = pattern.end(chars, from, chars.length);
      byte[] bytes = new String(chars, from, end - from).getBytes(StandardCharsets.UTF_8);
      counts.add(bytes, 0, bytes.length, 1);
      from = end;
    }
    return new BytePairTokenizer(
        BytePairLearner.learn(counts, 600, List.of(specialTokens), pattern, (done, of) -> {}));
  }
}
