package org.kindling.model.kernels;

import static org.kindling.model.kernels.ScaledRows.COLUMNS;
import static org.kindling.model.kernels.ScaledRows.LINE;
import static org.kindling.model.kernels.ScaledRows.ROWS;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.kindling.model.kernels.ScaledRows.Factors;

/**
 * c = a b + bias, or c += a b, where many of a's values are zero: row m of c is the sum of b's rows
 * times row m of a, and b's rows of factor zero are left out. ReLU makes such an a (half of its
 * values are zero at first, nine tenths after some thousand steps), as activations and, with the
 * same zeros, as their gradient.
 *
 * <p>If b has the zeros, this computes cᵀ = bᵀ aᵀ. Either way the matrix with the zeros may lie in
 * memory by rows or by columns:
 *
 * <ul>
 *   <li>By rows, as in x Wᵀ: 64 rows of a are a panel, and give 64 rows of c once all of b's tiles
 *       have been added.
 *   <li>By columns, as in dyᵀ x: 64 columns of a are a panel, and add 64 of b's rows to all of c.
 * </ul>
 */
final class SkippingProduct implements Kernel {
  private static final int TILE = ROWS * COLUMNS;

  /** Columns of a strip with 512-bit vectors. */
  private static final int WIDEST = 96;

  private final NativeMatrix a;
  private final NativeMatrix b;
  private final NativeMatrix c;
  private final FloatBuffer bias;
  private final boolean accumulate;
  private final ScaledRows space;

  /** What is contiguous in a: a panel's rows. */
  private final NativeMatrix stored;

  private final int strips;
  private final int sums;

  /** Rows from a strip of sums to the next. */
  private final int height;

  /**
   * What a JVM keeps for it, at most, in bytes on the Java heap.
   *
   * @param columns of what is stored with zeros, as {@code others} of the other matrix
   */
  static long bytes(int columns, int others) {
    return ScaledRows.bytes((columns + 2L * ROWS) * (others + WIDEST), columns);
  }

  /** Whether it can compute this product. */
  static boolean fits(Product p) {
    return p.scale() == 1
        && (p.bias() == null || p.zeros() == Product.Factor.A)
        && !(p.accumulate() && (p.bias() != null || p.dropout() != null))
        && NativeMatrix.fits(p.a())
        && NativeMatrix.fits(p.b())
        && NativeMatrix.fits(p.c())
        && (p.a().rows() + 2L * ROWS + p.a().columns()) * (p.c().columns() + COLUMNS) < 1 << 30
        && (p.b().columns() + 2L * ROWS + p.b().rows()) * (p.c().rows() + COLUMNS) < 1 << 30;
  }

  /**
   * @param p one that fits; its dropout and addition are the caller's affair
   * @param space shared by products that do not run at the same time
   */
  SkippingProduct(Product p, ScaledRows space) {
    boolean left = p.zeros() == Product.Factor.A;
    this.a = left ? NativeMatrix.of(p.a()) : NativeMatrix.of(p.b()).transposed();
    this.b = left ? NativeMatrix.of(p.b()) : NativeMatrix.of(p.a()).transposed();
    this.c = left ? NativeMatrix.of(p.c()) : NativeMatrix.of(p.c()).transposed();
    this.bias = p.bias() == null ? null : RowMajor.floats(p.bias());
    this.accumulate = p.accumulate();
    this.space = space;
    this.stored = a.hasRows() ? a : a.transposed();
    this.strips = c.strips();
    int tiles = a.hasRows() ? (a.columns() + ROWS - 1) / ROWS : 1;
    this.height = a.hasRows() ? ROWS : a.rows() + a.rows() % 2;
    this.sums = LINE + tiles * strips * TILE;
    space.reserve(tiles * strips * TILE + height * strips * COLUMNS, stored.columns());
  }

  /**
   * The work there is to do as a share of that with a dense matrix, judged by a's first panel: its
   * share of values that are not zero, and more where the last of the widest strips has columns to
   * spare. What a machine's own strips are must not matter.
   */
  double work() {
    int rows = Math.min(ROWS, stored.rows());
    int active = readPanel(0, rows);
    int computed = (c.columns() + WIDEST - 1) / WIDEST * WIDEST;
    return (double) active / (rows * stored.columns()) * computed / c.columns();
  }

  @Override
  public void run() {
    if (a.hasRows()) {
      sumByRows();
    } else {
      sumByColumns();
    }
  }

  private void sumByRows() {
    for (int k = 0; k < a.columns(); k += ROWS) {
      b.load(k, Math.min(ROWS, b.rows() - k), space.memory(), tile(k, 0), ROWS);
    }
    for (int from = 0; from < a.rows(); from += ROWS) {
      int rows = Math.min(ROWS, a.rows() - from);
      readPanel(from, rows);
      begin(from, rows);
      for (int k = 0; k < a.columns(); k += ROWS) {
        space.transposeWords(k);
        Factors factors = new Factors(k, k, ScaledRows.step(a.columns()), 1);
        for (int strip = 0; strip < strips; strip++) {
          space.add(factors, rows, tile(k, strip), sums + strip * height * COLUMNS);
        }
      }
      c.store(from, rows, space.memory(), sums, height);
    }
  }

  private void sumByColumns() {
    int rows = a.rows();
    Factors factors = new Factors(0, 0, 1, ScaledRows.step(rows));
    begin(0, rows);
    for (int k = 0; k < a.columns(); k += ROWS) {
      int count = Math.min(ROWS, a.columns() - k);
      readPanel(k, count);
      b.load(k, count, space.memory(), tile(0, 0), ROWS);
      for (int strip = 0; strip < strips; strip++) {
        space.add(factors, rows, tile(0, strip), sums + strip * height * COLUMNS);
      }
    }
    c.store(0, rows, space.memory(), sums, height);
  }

  /** The tile of b's rows from k on. */
  private int tile(int k, int strip) {
    return LINE + k * strips * COLUMNS + strip * TILE;
  }

  /** Returns how many of the panel's values are not zero. */
  private int readPanel(int from, int rows) {
    stored.copyRows(from, rows, space.factors(), ScaledRows.step(stored.columns()));
    return space.mark(rows, stored.columns());
  }

  /** What the sums begin with: c's values, the bias, or zero. */
  private void begin(int from, int rows) {
    float[] memory = space.memory();
    if (accumulate) {
      c.load(from, rows, memory, sums, height);
      return;
    }
    for (int strip = 0; strip < strips; strip++) {
      int at = sums + strip * height * COLUMNS;
      Arrays.fill(memory, at, at + rows * COLUMNS, 0);
      int width = Math.min(COLUMNS, c.columns() - strip * COLUMNS);
      for (int row = 0; bias != null && row < rows; row++) {
        bias.get(strip * COLUMNS, memory, at + row * COLUMNS, width);
      }
    }
  }
}
