package org.kindling.model.kernels;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A matrix of 32-bit floats in ND4J's memory whose rows, or columns, are contiguous. Parts of it
 * are copied to and from the Java heap as strips of {@link ScaledRows#COLUMNS} columns: all rows of
 * the first strip, all rows of the second, and so on.
 *
 * @param lead from a row to the next; if its columns are contiguous, from a column to the next
 */
record NativeMatrix(FloatBuffer values, int rows, int columns, int lead, boolean hasRows) {
  private static final int COLUMNS = ScaledRows.COLUMNS;

  /** What a JVM's buffer of floats can hold. */
  private static final long LIMIT = 1L << 29;

  /** Whether an array is such a matrix. */
  static boolean fits(INDArray x) {
    return x.rank() == 2 && (x.stride(0) == 1 || x.stride(1) == 1) && extent(x) < LIMIT;
  }

  /** The array's memory, which must outlive the matrix. */
  static NativeMatrix of(INDArray x) {
    boolean hasRows = x.stride(1) == 1;
    FloatBuffer values = new FloatPointer(x.data().addressPointer()).capacity(extent(x)).asBuffer();
    int lead = (int) (hasRows ? x.stride(0) : x.stride(1));
    return new NativeMatrix(values, x.rows(), x.columns(), lead, hasRows);
  }

  private static long extent(INDArray x) {
    boolean hasRows = x.stride(1) == 1;
    return hasRows
        ? (x.rows() - 1L) * x.stride(0) + x.columns()
        : (x.columns() - 1L) * x.stride(1) + x.rows();
  }

  /** The same values, rows for columns. */
  NativeMatrix transposed() {
    return new NativeMatrix(values, columns, rows, lead, !hasRows);
  }

  /** Strips that it takes; the last may have columns to spare. */
  int strips() {
    return (columns + COLUMNS - 1) / COLUMNS;
  }

  /** Copies contiguous rows to the heap, {@code step} apart. */
  void copyRows(int from, int count, float[] to, int step) {
    for (int row = 0; row < count; row++) {
      values.get((from + row) * lead, to, row * step, columns);
    }
  }

  /**
   * Copies rows to strips.
   *
   * @param at where the first strip begins in {@code memory}
   * @param height rows from a strip to the next
   */
  void load(int from, int count, float[] memory, int at, int height) {
    for (int column = 0; column < columns; column++) {
      int place = at + place(column, height);
      if (!hasRows) {
        for (int row = 0; row < count; row++) {
          memory[place + row * COLUMNS] = values.get(column * lead + from + row);
        }
      } else if (column % COLUMNS == 0) {
        int width = Math.min(COLUMNS, columns - column);
        for (int row = 0; row < count; row++) {
          values.get((from + row) * lead + column, memory, place + row * COLUMNS, width);
        }
      }
    }
  }

  /** Copies strips to rows, the way back of {@link #load}. */
  void store(int from, int count, float[] memory, int at, int height) {
    for (int column = 0; column < columns; column++) {
      int place = at + place(column, height);
      if (!hasRows) {
        for (int row = 0; row < count; row++) {
          values.put(column * lead + from + row, memory[place + row * COLUMNS]);
        }
      } else if (column % COLUMNS == 0) {
        int width = Math.min(COLUMNS, columns - column);
        for (int row = 0; row < count; row++) {
          values.put((from + row) * lead + column, memory, place + row * COLUMNS, width);
        }
      }
    }
  }

  /** Of a column's first value, from the first strip's beginning. */
  private static int place(int column, int height) {
    return column / COLUMNS * height * COLUMNS + column % COLUMNS;
  }
}
