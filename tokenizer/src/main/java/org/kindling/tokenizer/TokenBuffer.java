package org.kindling.tokenizer;

import java.util.Arrays;

/**
 * A growing array of token ids that is used again and again, so that encoding allocates nothing.
 * Not for several threads at once.
 */
public final class TokenBuffer {
  private int[] ids;
  private int size;

  public TokenBuffer() {
    this(1024);
  }

  /** A buffer that grows when it needs more than {@code capacity} ids. */
  public TokenBuffer(int capacity) {
    ids = new int[Math.max(1, capacity)];
  }

  /** Forgets all ids and keeps the memory. */
  public void clear() {
    size = 0;
  }

  public int size() {
    return size;
  }

  /** The id at a place, 0 to {@code size() - 1}. */
  public int get(int index) {
    return ids[index];
  }

  /** The ids themselves, from 0 to {@code size() - 1}; longer than that, and replaced on growth. */
  public int[] array() {
    return ids;
  }

  /** A copy of the ids. */
  public int[] toArray() {
    return Arrays.copyOf(ids, size);
  }

  public void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
  }

  public void addAll(int[] more) {
    if (more.length > ids.length - size) {
      ids = Arrays.copyOf(ids, Math.max(2 * ids.length, size + more.length));
    }
    System.arraycopy(more, 0, ids, size, more.length);
    size += more.length;
  }
}
