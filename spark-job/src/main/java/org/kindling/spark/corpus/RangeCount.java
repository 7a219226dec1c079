package org.kindling.spark.corpus;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.kindling.tokenizer.Tokenizer;

/**
 * What the first pass over a range tells the driver.
 *
 * @param tokens how many ids the range has, that of an end of text included
 * @param characters how many code points
 * @param digest SHA-256 of the range's bytes, in hex
 */
record RangeCount(long tokens, long characters, String digest) implements Serializable {

  static RangeCount of(TextRange range, Configuration configuration, Tokenizer tokenizer) {
    long[] counts = new long[2];
    String digest =
        RangeEncoder.encode(
            range,
            configuration,
            tokenizer,
            (text, ids, count) -> {
              counts[0] += count;
              counts[1] += text.codePointCount(0, text.length());
            });
    return new RangeCount(counts[0], counts[1], digest);
  }
}
