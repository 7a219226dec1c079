package org.kindling.model.kernels;

/** Which kernels a replica computes with. */
public enum KernelChoice {
  /** oneDNN where its native library loads, else ND4J. */
  AUTO,
  /** oneDNN, or an error. */
  ONEDNN,
  /** ND4J only: portable, and what the fast kernels are tested against. */
  ND4J
}
