package org.kindling.model.kernels;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Looks rows of a table up by id, and adds gradients back to them, on float memory.
 *
 * <p>Rows pass through small Java arrays: bulk copies are memory copies, and the additions between
 * them become vector code, while single reads and writes of native memory would not.
 */
final class FloatEmbedding {
  private final int[] ids;
  private final FloatBuffer table;
  private final FloatBuffer positions;
  private final FloatBuffer x;
  private final int columns;
  private final int context;
  private final float[] row;
  private final float[] other;

  /**
   * @param ids N ids
   * @param table (V, C)
   * @param positions (T, C) or null
   * @param x (N, C)
   */
  FloatEmbedding(int[] ids, INDArray table, INDArray positions, INDArray x) {
    this.ids = ids;
    this.table = RowMajor.floats(table);
    this.positions = positions == null ? null : RowMajor.floats(positions);
    this.context = positions == null ? 1 : positions.rows();
    this.x = RowMajor.floats(x);
    this.columns = x.columns();
    this.row = new float[columns];
    this.other = new float[columns];
  }

  /** x[n] = table[ids[n]] + positions[n mod T]. */
  void gather() {
    for (int n = 0; n < ids.length; n++) {
      table.get(ids[n] * columns, row);
      if (positions != null) {
        positions.get(n % context * columns, other);
        addOtherToRow();
      }
      x.put(n * columns, row);
    }
  }

  /**
   * table[ids[n]] += x[n] and positions[n mod T] += x[n]; in order of n, so that the sums are
   * always the same.
   */
  void scatterAdd() {
    for (int n = 0; n < ids.length; n++) {
      x.get(n * columns, other);
      table.get(ids[n] * columns, row);
      addOtherToRow();
      table.put(ids[n] * columns, row);
      if (positions != null) {
        positions.get(n % context * columns, row);
        addOtherToRow();
        positions.put(n % context * columns, row);
      }
    }
  }

  private void addOtherToRow() {
    for (int c = 0; c < row.length; c++) {
      row[c] += other[c];
    }
  }
}
