package org.kindling.spark.corpus;

import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.kindling.tokenizer.TokenBuffer;
import org.kindling.tokenizer.Tokenizer;

/**
 * Reads a range's documents and tokenizes them, piece by piece, the same way each time.
 *
 * <p>The ids of a file's ranges, one after the other, are those of the whole file. If the tokenizer
 * has an end-of-text token, it follows the last text of each document.
 */
final class RangeEncoder implements DocumentConsumer {
  /** So many ids are given at once, at the least: documents may be very short. */
  private static final int GIVEN_IDS = 1 << 15;

  /** Takes ids, the first {@code count} of an array that is used again. */
  @FunctionalInterface
  interface IdConsumer {
    void accept(int[] ids, int count);
  }

  private final Tokenizer tokenizer;
  private final OptionalInt endOfText;
  private final IdConsumer consumer;
  private final TokenBuffer ids = new TokenBuffer();
  private final DocumentLengths.Builder lengths = new DocumentLengths.Builder();
  private long given;
  private long characters;
  private long ended;

  /** Where, among the range's ids, the present document begins. */
  private long begin;

  private RangeEncoder(Tokenizer tokenizer, IdConsumer consumer) {
    this.tokenizer = tokenizer;
    this.endOfText = tokenizer.endOfText();
    this.consumer = consumer;
  }

  /**
   * Gives the range's ids to the consumer, in order.
   *
   * @throws org.kindling.spark.InputException if the text cannot be read or has something the
   *     tokenizer does not know
   */
  static RangeCount encode(
      TextRange range,
      DocumentReader reader,
      Configuration configuration,
      Tokenizer tokenizer,
      IdConsumer consumer) {
    TextDigest digest = new TextDigest();
    RangeEncoder encoder = new RangeEncoder(tokenizer, consumer);
    reader.read(range, configuration, tokenizer.cuts(), Optional.of(digest), encoder);
    encoder.give();
    return new RangeCount(
        encoder.given, encoder.characters, encoder.ended, encoder.lengths.build(), digest.value());
  }

  @Override
  public void text(String piece) {
    tokenizer.encode(piece, ids);
    characters += piece.codePointCount(0, piece.length());
    if (ids.size() >= GIVEN_IDS) {
      give();
    }
  }

  @Override
  public void endDocument() {
    ended++;
    if (endOfText.isPresent()) {
      ids.add(endOfText.getAsInt());
    } else {
      long end = given + ids.size();
      lengths.add(end - begin);
      begin = end;
    }
  }

  private void give() {
    consumer.accept(ids.array(), ids.size());
    given += ids.size();
    ids.clear();
  }
}
