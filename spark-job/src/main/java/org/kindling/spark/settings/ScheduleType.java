package org.kindling.spark.settings;

/** How the learning rate changes after the warm-up. */
public enum ScheduleType {
  /** It stays. */
  CONSTANT,
  /** Half a cosine down to the smallest rate at the last step. */
  COSINE,
  /** A straight line down to the smallest rate at the last step. */
  LINEAR
}
