package org.kindling.spark.settings;

/** How the numbers of weights and gradients travel between driver and tasks. */
public enum WireType {
  /** 32-bit floats, as they are. */
  F32,
  /**
   * Their upper 16 bits, rounded to nearest, ties to even: 8 bits of exponent, 7 of mantissa. Sums
   * are still made in 32 bits.
   */
  BF16
}
