package org.kindling.spark.corpus;

import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.TokenBuffer;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.TokenizerException;

/**
 * Reads a range's text and tokenizes it, piece by piece, the same way each time.
 *
 * <p>The ids of a file's ranges, one after the other, are those of the whole file. If the tokenizer
 * has an end-of-text token, it follows the last text of each document.
 */
final class RangeEncoder {

  /** Takes a piece of text and its ids, the first {@code count} of an array that is used again. */
  @FunctionalInterface
  interface EncodedConsumer {
    void accept(String text, int[] ids, int count);
  }

  private RangeEncoder() {}

  /**
   * Gives the range's ids to the consumer, in order.
   *
   * @return what {@link RangeReader#readAndDigest} returns
   * @throws InputException if the text cannot be read (see there) or has something the tokenizer
   *     does not know
   */
  static String encode(
      TextRange range, Configuration configuration, Tokenizer tokenizer, EncodedConsumer consumer) {
    TokenBuffer ids = new TokenBuffer();
    String digest =
        RangeReader.readAndDigest(
            range,
            configuration,
            tokenizer.cuts(),
            (text, byteOffset) -> {
              ids.clear();
              try {
                tokenizer.encode(text, ids);
              } catch (TokenizerException e) {
                throw new InputException(
                    String.format(
                        "%s, in the text from byte %d on: %s",
                        range.path(), byteOffset, e.getMessage()),
                    e);
              }
              consumer.accept(text, ids.array(), ids.size());
            });
    if (range.endsDocument() && tokenizer.endOfText().isPresent()) {
      consumer.accept("", new int[] {tokenizer.endOfText().getAsInt()}, 1);
    }
    return digest;
  }
}
