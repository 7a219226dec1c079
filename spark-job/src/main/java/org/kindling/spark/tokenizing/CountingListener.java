package org.kindling.spark.tokenizing;

/** Hears how far the counting of pre-tokens is. */
@FunctionalInterface
public interface CountingListener {
  /** So many of a job's tasks have ended. */
  void counted(int done, int of);
}
