package org.kindling.spark.generation;

import java.io.Serializable;

/**
 * How rows of a table are read, and written with a completion.
 *
 * @param <I> a row of the input
 * @param <O> a row of the output
 */
interface RowFormat<I, O> extends Serializable {
  /**
   * A row's fields.
   *
   * @throws RowException if the row is none
   */
  Fields fields(I row) throws RowException;

  /** The row with its completion: all that it had, and the {@link OutputColumns}. */
  O completed(I row, Completion completion);
}
