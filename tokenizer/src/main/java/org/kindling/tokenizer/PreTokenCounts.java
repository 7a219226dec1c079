package org.kindling.tokenizer;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How often each pre-token occurs, in 64 bits: all that learning needs to know of a text.
 *
 * <p>A hash table with open addressing over primitive arrays. A distinct pre-token takes its bytes
 * and about 30 more, while it grows up to twice that; their bytes together are limited to 2 GiB.
 * For one thread.
 */
public final class PreTokenCounts implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  /** The pre-tokens' bytes, one after the other; entry e's are [starts[e], starts[e + 1]). */
  private byte[] bytes = new byte[1 << 10];

  private int[] starts = new int[1 << 7];
  private long[] counts = new long[1 << 7];
  private int size;

  /** Entry + 1 at the hash's slot, 0 where it is free; as many as a power of two. */
  private transient int[] slots = new int[1 << 8];

  private transient char[] chars;
  private transient Utf8Bytes utf8;

  /** Takes a pre-token and its count. */
  @FunctionalInterface
  public interface EntryConsumer {
    /** The pre-token is {@code bytes[from, to)}, which is not to be changed or kept. */
    void accept(byte[] bytes, int from, int to, long count);
  }

  /** The number of distinct pre-tokens. */
  public int size() {
    return size;
  }

  /** The number of their bytes, each pre-token once. */
  public int distinctBytes() {
    return starts[size];
  }

  /**
   * Cuts a text into lines, each with its line end, and these into pre-tokens, and counts them.
   *
   * <p>Worked example: {@code "to be\n\n"} counts {@code to}, {@code " be"} and twice {@code "\n"},
   * since the second line is {@code "\n"} by itself.
   */
  public void addLines(String text, PreTokenPattern pattern) {
    int length = text.length();
    if (chars == null || chars.length < length) {
      chars = new char[length];
    }
    if (utf8 == null) {
      utf8 = new Utf8Bytes(pattern);
    }
    text.getChars(0, length, chars, 0);
    for (int line = 0; line < length; ) {
      int end = PreTokenPattern.NONE.end(chars, line, length);
      for (int from = line; from < end; ) {
        int to = pattern.end(chars, from, end);
        int count = utf8.write(chars, from, to);
        add(utf8.array(), 0, count, TokenTable.spread(utf8.folded()), 1);
        from = to;
      }
      line = end;
    }
  }

  /** Adds to the count of the pre-token {@code text[from, to)}. */
  public void add(byte[] text, int from, int to, long count) {
    add(text, from, to, TokenTable.hash(text, from, to), count);
  }

  /** Adds all counts of another text. */
  public void merge(PreTokenCounts other) {
    other.forEach(this::add);
  }

  private void add(byte[] text, int from, int to, int hash, long count) {
    int length = to - from;
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0) {
      int entry = slots[slot] - 1;
      int start = starts[entry];
      if (starts[entry + 1] - start == length
          && Arrays.equals(bytes, start, start + length, text, from, to)) {
        counts[entry] = Math.addExact(counts[entry], count);
        return;
      }
      slot = (slot + 1) & mask;
    }
    append(text, from, length, count);
    slots[slot] = size;
    if (size > slots.length / 2) {
      hashAgain(2 * slots.length);
    }
  }

  private void append(byte[] text, int from, int length, long count) {
    int used = starts[size];
    if (length > MAX_BYTES - used) {
      throw new TokenizerException(
          "the distinct pre-tokens have more than %d bytes in all, which is the most that can be"
                  .formatted(MAX_BYTES)
              + " learned from; take a part of the text");
    }
    if (used + length > bytes.length) {
      long wanted = Math.max((long) used + length, bytes.length + ((long) bytes.length >> 1));
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, wanted));
    }
    if (size + 1 == counts.length) {
      int wanted = counts.length + (counts.length >> 1);
      counts = Arrays.copyOf(counts, wanted);
      starts = Arrays.copyOf(starts, wanted);
    }
    System.arraycopy(text, from, bytes, used, length);
    counts[size++] = count;
    starts[size] = used + length;
  }

  /** Forgets all counts and gives their memory back. */
  public void clear() {
    PreTokenCounts none = new PreTokenCounts();
    bytes = none.bytes;
    starts = none.starts;
    counts = none.counts;
    slots = none.slots;
    size = 0;
  }

  private void hashAgain(int length) {
    slots = new int[length];
    int mask = length - 1;
    for (int entry = 0; entry < size; entry++) {
      int slot = TokenTable.hash(bytes, starts[entry], starts[entry + 1]) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = entry + 1;
    }
  }

  /** Gives each pre-token with its count to the consumer, in no particular order. */
  public void forEach(EntryConsumer consumer) {
    for (int entry = 0; entry < size; entry++) {
      consumer.accept(bytes, starts[entry], starts[entry + 1], counts[entry]);
    }
  }

  /**
   * Deals the pre-tokens into parts by their hash: the same pre-token of two texts goes to the same
   * part.
   *
   * @param parts at least 1
   */
  public PreTokenCounts[] split(int parts) {
    PreTokenCounts[] split = new PreTokenCounts[parts];
    Arrays.setAll(split, part -> new PreTokenCounts());
    for (int entry = 0; entry < size; entry++) {
      int hash = TokenTable.hash(bytes, starts[entry], starts[entry + 1]);
      // The lower bits are the slots' within a part; the part is chosen by the upper.
      int part = (int) ((hash >>> 16) * (long) parts >>> 16);
      split[part].add(bytes, starts[entry], starts[entry + 1], hash, counts[entry]);
    }
    return split;
  }

  private Object writeReplace() {
    return new Packed(
        Arrays.copyOf(bytes, starts[size]),
        Arrays.copyOf(starts, size + 1),
        Arrays.copyOf(counts, size));
  }

  /** What crosses the wire: the arrays without their spare ends, and without the slots. */
  private record Packed(byte[] bytes, int[] starts, long[] counts) implements Serializable {
    private Object readResolve() {
      PreTokenCounts read = new PreTokenCounts();
      read.bytes = bytes;
      read.starts = Arrays.copyOf(starts, starts.length + 1);
      read.counts = Arrays.copyOf(counts, counts.length + 2);
      read.size = counts.length;
      read.hashAgain(Integer.highestOneBit(Math.max(1 << 7, read.size)) * 4);
      return read;
    }
  }
}
