package org.kindling.spark.generation;

/** An input whose rows are counted, and can be written with their completions. */
interface RowJob {
  /** How many rows the input has. */
  long rows();

  /**
   * Generates and writes.
   *
   * @param folder of any Hadoop file system, not there yet
   * @param tasks how many tasks share the rows, at least 1
   */
  void write(String folder, int tasks);
}
