package org.kindling.spark.corpus;

import java.io.Serializable;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.InputException;
import org.kindling.spark.settings.TextFormat;
import org.kindling.tokenizer.SafeCut;

/**
 * How files hold documents, and how a task reads those of a range.
 *
 * <p>The documents of a file's ranges, one range after the other, are those of the whole file,
 * however it was cut into ranges.
 */
public sealed interface DocumentReader extends Serializable
    permits PlainText, JsonLines, ParquetColumn {

  /**
   * Gives the range's text to the consumer.
   *
   * @param cuts where a long text may come in pieces
   * @param digest gets the range's text, too
   * @throws InputException if the file cannot be read or is not of the format; also in place of a
   *     {@link org.kindling.tokenizer.TokenizerException} of the consumer. The message names the
   *     file and the place in it.
   */
  void read(
      TextRange range,
      Configuration configuration,
      SafeCut cuts,
      Optional<TextDigest> digest,
      DocumentConsumer consumer);

  /** Reads without a digest. */
  default void read(
      TextRange range, Configuration configuration, SafeCut cuts, DocumentConsumer consumer) {
    read(range, configuration, cuts, Optional.empty(), consumer);
  }

  /** How large a range is: large against a task's start, small against a cluster's share. */
  default long rangeBytes() {
    return TextDigest.BLOCK_BYTES;
  }

  /** Whether a file whose name has a codec's ending is read through that codec. */
  default boolean readsThroughCodecs() {
    return true;
  }

  /**
   * The reader of a format.
   *
   * @param field of JSON lines or Parquet tables, not used for plain text
   * @param nulls what a null in place of text is
   */
  static DocumentReader of(TextFormat format, String field, Nulls nulls) {
    return switch (format) {
      case TEXT -> new PlainText();
      case JSONL -> new JsonLines(field, nulls);
      case PARQUET -> new ParquetColumn(field, nulls);
    };
  }

  /** What a null in place of a document's text is taken for. */
  enum Nulls {
    /** An error: whoever trains a model wants to know what it was trained on. */
    REFUSED,
    /** A document without text, which is left out. */
    LEFT_OUT
  }
}
