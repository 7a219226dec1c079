package org.kindling.spark.corpus;

import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.TokenizerException;

/** Reads a range's text and tokenizes it, piece by piece, the same way each time. */
final class RangeEncoder {

  /** Takes a piece of text and its ids. */
  @FunctionalInterface
  interface EncodedConsumer {
    void accept(String text, int[] ids);
  }

  private RangeEncoder() {}

  /**
   * Gives the range's ids to the consumer, in order.
   *
   * @return the SHA-256 of the text's bytes, in hex
   * @throws InputException if the text cannot be read (see {@link RangeReader#read}) or has
   *     something the tokenizer does not know
   */
  static String encode(
      TextRange range, Configuration configuration, Tokenizer tokenizer, EncodedConsumer consumer) {
    return RangeReader.read(
        range,
        configuration,
        (text, byteOffset) -> {
          int[] ids;
          try {
            ids = tokenizer.encode(text);
          } catch (TokenizerException e) {
            throw new InputException(
                String.format(
                    "%s, in the text from byte %d on: %s",
                    range.path(), byteOffset, e.getMessage()),
                e);
          }
          consumer.accept(text, ids);
        });
  }
}
