package org.kindling.spark.corpus;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The windows of the validation split that one task evaluates. Immutable; may have no window when
 * there are more shards than windows.
 */
public final class WindowShard implements Serializable {
  private static final long serialVersionUID = 1;

  private final int index;
  private final int context;

  /** Where each window begins in the ids, and the number of ids as the last entry. */
  private final int[] offsets;

  private final TokenIds ids;

  WindowShard(int index, int context, int[] offsets, TokenIds ids) {
    this.index = index;
    this.context = context;
    this.offsets = offsets;
    this.ids = ids;
  }

  /** The shard's number, 0 to K-1. */
  public int index() {
    return index;
  }

  /** How many windows the shard has. */
  public int windows() {
    return offsets.length - 1;
  }

  /** How many targets its windows have together. */
  public int targets() {
    return ids.length() - windows();
  }

  /** Sums over all targets what {@code characters} says of each id. */
  long targetCharacters(int[] characters) {
    int[] window = new int[context + 1];
    long sum = 0;
    for (int w = 0; w < windows(); w++) {
      int length = offsets[w + 1] - offsets[w];
      ids.copy(offsets[w], length, window, 0);
      for (int i = 1; i < length; i++) {
        sum += characters[window[i]];
      }
    }
    return sum;
  }

  /**
   * Copies a window: T inputs and T targets. What a document's last window leaves over is 0 in the
   * inputs and {@code noTarget} in the targets.
   *
   * @param inputs at least {@code at + T} long, like {@code targets}
   * @param noTarget what the caller's losses pass over
   * @return the number of targets, 1 to T
   */
  public int window(int window, int[] inputs, int[] targets, int at, int noTarget) {
    int from = offsets[window];
    int count = offsets[window + 1] - from - 1;
    ids.copy(from, count, inputs, at);
    ids.copy(from + 1, count, targets, at);
    Arrays.fill(inputs, at + count, at + context, 0);
    Arrays.fill(targets, at + count, at + context, noTarget);
    return count;
  }
}
