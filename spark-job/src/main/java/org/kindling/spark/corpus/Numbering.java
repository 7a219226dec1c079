package org.kindling.spark.corpus;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Numbers things of which each document has some, as chunks or windows, in the order of documents.
 * Keeps one number a group of documents, and counts on from there.
 */
final class Numbering implements Serializable {
  private static final long serialVersionUID = 1;

  /** How many things there are in the tokens [begin, end), which are one document. */
  @FunctionalInterface
  interface Count extends Serializable {
    long of(long begin, long end);
  }

  private final DocumentLengths documents;
  private final Count count;

  /** The number of the first thing of each group of documents, and of all things as last entry. */
  private final long[] ordinals;

  Numbering(DocumentLengths documents, Count count) {
    this.documents = documents;
    this.count = count;
    ordinals = new long[documents.groups() + 1];
    DocumentLengths.Cursor cursor = documents.cursor();
    for (int group = 0; group < documents.groups(); group++) {
      long things = 0;
      for (int d = 0; d < DocumentLengths.GROUP && cursor.next(); d++) {
        things += count.of(cursor.begin(), cursor.end());
      }
      ordinals[group + 1] = ordinals[group] + things;
    }
  }

  /** How many things all documents have. */
  long total() {
    return ordinals[ordinals.length - 1];
  }

  /** Walks over documents; only forward. */
  Walk walk() {
    return new Walk();
  }

  /** Where a thing is. */
  final class Walk {
    private int group = -1;
    private DocumentLengths.Cursor cursor;
    private long first;
    private long after;

    /**
     * Goes to the document that has a thing.
     *
     * @param ordinal 0 to {@link #total()} - 1; not before the document where the walk is
     */
    void to(long ordinal) {
      if (group < 0 || ordinal >= ordinals[group + 1]) {
        int found = Arrays.binarySearch(ordinals, ordinal);
        group = found >= 0 ? found : -found - 2;
        while (ordinals[group + 1] <= ordinal) {
          group++; // groups without things have the same number as the next
        }
        cursor = documents.from(group);
        after = ordinals[group];
      }
      while (after <= ordinal) {
        cursor.next();
        first = after;
        after += count.of(cursor.begin(), cursor.end());
      }
    }

    /** The number of the document's first thing. */
    long first() {
      return first;
    }

    /** The number after that of its last. */
    long after() {
      return after;
    }

    /** The position of the document's first token. */
    long begin() {
      return cursor.begin();
    }

    /** The position after its last. */
    long end() {
      return cursor.end();
    }
  }
}
