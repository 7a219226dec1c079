package org.kindling.spark.settings;

/** Who adds the gradients of a cluster's tasks; the bits are the same. */
public enum ReductionType {
  /** The driver for few tasks or small models, tasks beyond that. */
  AUTO,
  /** The driver: each task sends it the whole vector. */
  COLLECT,
  /** Tasks: each adds one slice of all vectors, which a shuffle brings together. */
  SHUFFLE
}
