package org.kindling.spark.corpus;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How many tokens each document has, in order: a byte or two a document, since there may be many
 * millions of them. Read from the beginning, or from any group of 1024 documents.
 *
 * <p>Numbers are kept seven bits a byte, the lowest first; the highest bit says that more follow.
 */
final class DocumentLengths implements Serializable {
  private static final long serialVersionUID = 1;

  /** Documents from one place where reading can begin to the next. */
  static final int GROUP = 1024;

  private final byte[] lengths;
  private final long count;

  /** Where each group begins in the bytes. */
  private final int[] groups;

  /** The position of each group's first token. */
  private final long[] positions;

  private final long tokens;

  private DocumentLengths(Builder builder) {
    lengths = Arrays.copyOf(builder.lengths, builder.size);
    count = builder.count;
    int all = groups();
    groups = Arrays.copyOf(builder.groups, all);
    positions = Arrays.copyOf(builder.positions, all);
    tokens = builder.tokens;
  }

  static DocumentLengths of(long... lengths) {
    Builder builder = new Builder();
    for (long length : lengths) {
      builder.add(length);
    }
    return builder.build();
  }

  /** How many documents there are. */
  long count() {
    return count;
  }

  /** How many tokens they have together. */
  long tokens() {
    return tokens;
  }

  int groups() {
    return Math.toIntExact((count + GROUP - 1) / GROUP);
  }

  /** A cursor before the first document of a group. */
  Cursor from(int group) {
    return new Cursor(group);
  }

  /** A cursor before the first document of all. */
  Cursor cursor() {
    return new Cursor(0);
  }

  /** Goes from document to document. */
  final class Cursor {
    private long index;
    private int at;
    private long begin;
    private long end;

    private Cursor(int group) {
      index = (long) group * GROUP;
      if (group < groups.length) {
        at = groups[group];
        end = positions[group];
      }
    }

    /** Goes to the next document; false if there is none. */
    boolean next() {
      if (index == count) {
        return false;
      }
      index++;
      begin = end;
      long length = 0;
      int shift = 0;
      byte part;
      do {
        part = lengths[at++];
        length |= (long) (part & 0x7F) << shift;
        shift += 7;
      } while (part < 0);
      end = begin + length;
      return true;
    }

    /** The position of the document's first token. */
    long begin() {
      return begin;
    }

    /** The position after its last. */
    long end() {
      return end;
    }
  }

  /** Collects lengths in order. */
  static final class Builder {
    private static final int LONGEST = 10;

    private byte[] lengths = new byte[2 * LONGEST];
    private int size;
    private long count;
    private int[] groups = new int[1];
    private long[] positions = new long[1];
    private long tokens;

    void add(long length) {
      if (count % GROUP == 0) {
        int group = Math.toIntExact(count / GROUP);
        if (group == groups.length) {
          groups = Arrays.copyOf(groups, 2 * group);
          positions = Arrays.copyOf(positions, 2 * group);
        }
        groups[group] = size;
        positions[group] = tokens;
      }
      if (size + LONGEST > lengths.length) {
        lengths = Arrays.copyOf(lengths, Math.multiplyExact(2, lengths.length));
      }
      long rest = length;
      while (rest >= 0x80) {
        lengths[size++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      lengths[size++] = (byte) rest;
      count++;
      tokens += length;
    }

    DocumentLengths build() {
      return new DocumentLengths(this);
    }
  }
}
