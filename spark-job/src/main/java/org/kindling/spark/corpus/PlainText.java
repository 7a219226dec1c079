package org.kindling.spark.corpus;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.SafeCut;
import org.kindling.tokenizer.TokenizerException;

/** Files that hold nothing but text; a file is a document. */
public record PlainText() implements DocumentReader {

  @Override
  public void read(
      TextRange range,
      Configuration configuration,
      SafeCut cuts,
      Optional<TextDigest> digest,
      DocumentConsumer consumer) {
    RangeReader.read(
        range,
        configuration,
        cuts,
        digest,
        (text, byteOffset) -> {
          try {
            consumer.text(text);
          } catch (TokenizerException e) {
            throw new InputException(
                "%s, in the text from byte %d on: %s"
                    .formatted(range.path(), byteOffset, e.getMessage()),
                e);
          }
        });
    digest.ifPresent(sum -> sum.endBlock(range.endsFile()));
    if (range.endsFile()) {
      consumer.endDocument();
    }
  }
}
