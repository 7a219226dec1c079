package org.kindling.spark.training;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Adds vectors in a fixed binary tree: ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)).
 *
 * <p>Float addition is not associative, so the order is part of the result. A task that owns shards
 * 4 to 7 adds exactly the right half of that tree, and the driver the rest, whatever the number of
 * tasks; that is why a task's shards are an aligned power of two.
 *
 * <p>Keeps one partial sum for each level, like a binary counter: adding the fourth vector merges
 * it with the third, and that pair with the first.
 */
final class PairwiseSum {
  private final Deque<Partial> partials = new ArrayDeque<>();
  private final Consumer<float[]> release;
  private final boolean parallel;

  private record Partial(float[] sum, int level) {}

  /**
   * @param release receives vectors whose values have gone into another
   * @param parallel whether an addition may use all cores; the result is the same
   */
  PairwiseSum(Consumer<float[]> release, boolean parallel) {
    this.release = release;
    this.parallel = parallel;
  }

  /** Adds the next vector, which is the sum's own from here on. */
  void add(float[] vector) {
    Partial right = new Partial(vector, 0);
    while (!partials.isEmpty() && partials.peek().level == right.level) {
      Partial left = partials.pop();
      addInto(left.sum, right.sum);
      release.accept(right.sum);
      right = new Partial(left.sum, right.level + 1);
    }
    partials.push(right);
  }

  /** The sum of all vectors, of which there must have been a power of two. */
  float[] result() {
    if (partials.size() != 1) {
      throw new IllegalStateException(partials.size() + " incomplete subtrees");
    }
    return partials.pop().sum;
  }

  private void addInto(float[] left, float[] right) {
    int piece = 1 << 15;
    if (parallel && left.length > piece) {
      IntStream.range(0, (left.length + piece - 1) / piece)
          .parallel()
          .forEach(p -> addInto(left, right, p * piece, Math.min(left.length, (p + 1) * piece)));
    } else {
      addInto(left, right, 0, left.length);
    }
  }

  private static void addInto(float[] left, float[] right, int from, int to) {
    for (int i = from; i < to; i++) {
      left[i] += right[i];
    }
  }
}
