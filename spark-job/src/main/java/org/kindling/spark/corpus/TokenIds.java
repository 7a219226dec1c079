package org.kindling.spark.corpus;

import java.io.Serializable;

/**
 * Token ids in an array of the smallest primitive type that holds them: one byte each for a
 * vocabulary of at most 256, two for at most 65536, else four.
 */
sealed interface TokenIds extends Serializable {

  /** The longest array that a JVM is sure to make. */
  int MAX_LENGTH = Integer.MAX_VALUE - 8;

  int length();

  /** Sets {@code count} ids from {@code at} on to those of {@code ids} from {@code from} on. */
  void set(int at, int[] ids, int from, int count);

  /** Copies {@code count} ids from {@code at} on into {@code into} from {@code from} on. */
  void copy(int at, int count, int[] into, int from);

  static TokenIds allocate(int length, int vocabularySize) {
    if (vocabularySize <= 1 << 8) {
      return new Bytes(new byte[length]);
    }
    return vocabularySize <= 1 << 16 ? new Chars(new char[length]) : new Ints(new int[length]);
  }

  final class Bytes implements TokenIds {
    private static final long serialVersionUID = 1;
    private final byte[] values;

    private Bytes(byte[] values) {
      this.values = values;
    }

    @Override
    public int length() {
      return values.length;
    }

    @Override
    public void set(int at, int[] ids, int from, int count) {
      for (int i = 0; i < count; i++) {
        values[at + i] = (byte) ids[from + i];
      }
    }

    @Override
    public void copy(int at, int count, int[] into, int from) {
      for (int i = 0; i < count; i++) {
        into[from + i] = values[at + i] & 0xFF;
      }
    }
  }

  final class Chars implements TokenIds {
    private static final long serialVersionUID = 1;
    private final char[] values;

    private Chars(char[] values) {
      this.values = values;
    }

    @Override
    public int length() {
      return values.length;
    }

    @Override
    public void set(int at, int[] ids, int from, int count) {
      for (int i = 0; i < count; i++) {
        values[at + i] = (char) ids[from + i];
      }
    }

    @Override
    public void copy(int at, int count, int[] into, int from) {
      for (int i = 0; i < count; i++) {
        into[from + i] = values[at + i];
      }
    }
  }

  final class Ints implements TokenIds {
    private static final long serialVersionUID = 1;
    private final int[] values;

    private Ints(int[] values) {
      this.values = values;
    }

    @Override
    public int length() {
      return values.length;
    }

    @Override
    public void set(int at, int[] ids, int from, int count) {
      System.arraycopy(ids, from, values, at, count);
    }

    @Override
    public void copy(int at, int count, int[] into, int from) {
      System.arraycopy(values, at, into, from, count);
    }
  }
}
