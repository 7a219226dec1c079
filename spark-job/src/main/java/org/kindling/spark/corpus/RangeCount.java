package org.kindling.spark.corpus;

import java.io.Serializable;
import java.util.List;
import org.kindling.tokenizer.Tokenizer;

/**
 * What reading a range tells: the driver keeps it of the first pass, and the later ones must find
 * the same.
 *
 * @param tokens how many ids the range has, those of ends of texts included
 * @param characters how many code points
 * @param ended how many documents end in the range
 * @param lengths how many of the range's ids belong to each document that ends in it; empty where
 *     an end-of-text token joins documents to one stream, since nobody asks then
 * @param digest of the range's text
 */
record RangeCount(
    long tokens, long characters, long ended, DocumentLengths lengths, TextDigest.Value digest)
    implements Serializable {

  /**
   * The lengths of all documents. Documents that an end-of-text token ends are one stream, so one
   * document here.
   */
  static DocumentLengths documents(List<RangeCount> counts, Tokenizer tokenizer) {
    if (tokenizer.endOfText().isPresent()) {
      return DocumentLengths.of(counts.stream().mapToLong(RangeCount::tokens).sum());
    }
    DocumentLengths.Builder all = new DocumentLengths.Builder();
    long begun = 0; // of a document that goes on from range to range
    for (RangeCount count : counts) {
      long left = count.tokens();
      DocumentLengths.Cursor ended = count.lengths().cursor();
      while (ended.next()) {
        long length = ended.end() - ended.begin();
        all.add(begun + length);
        begun = 0;
        left -= length;
      }
      begun += left;
    }
    return all.build();
  }
}
