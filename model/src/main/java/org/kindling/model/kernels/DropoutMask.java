package org.kindling.model.kernels;

/**
 * Which values are kept: one mask value for each value of an array of {@code sequences} equal
 * stretches.
 *
 * <p>A stretch depends on its key alone, so the values dropped for a sequence are the same whatever
 * else shares its batch. Both kernel implementations draw the same masks.
 */
public interface DropoutMask {
  /** Probability that a value is dropped; kept values are divided by one minus this. */
  double probability();

  /**
   * Draws a sequence's stretch anew.
   *
   * @param sequence index within the batch
   * @param key a well-mixed function of (seed, step, sequence, place)
   */
  void fill(int sequence, long key);
}
