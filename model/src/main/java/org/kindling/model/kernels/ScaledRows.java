package org.kindling.model.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of scaled rows that do not touch a row whose factor is zero: the inner loops of {@link
 * SkippingProduct}, and the arrays they work on.
 *
 * <p>Factors come in panels of at most 64 rows. {@link #mark} writes a word for each column of the
 * panel, with a bit for each of its rows. The rows to be summed come in tiles of 64, whose columns
 * are those of one strip. To row r of a strip's sums, {@link #add} adds, for each bit of word r,
 * that row of the tile times the factor that the bit stands for:
 *
 * <pre>
 * word r        ...01001
 * sums[r]    += factor(r, 0) tile[0]    tile[1] and tile[2] are not read
 * sums[r]    += factor(r, 3) tile[3]
 * </pre>
 *
 * <p>Rows of sums go in pairs. Each of the sums is a chain of fused multiply-adds, whatever a
 * vector's width: first for the bits that both rows of the pair have, in order, and then for those
 * that only its own has.
 */
final class ScaledRows {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();

  /** Rows of a tile and of a panel: a bit each in a word. */
  static final int ROWS = 64;

  /**
   * Columns of a strip, whose sums are held in registers. A tile of six 512-bit vectors a row is 24
   * kB, which leaves room for factors and sums in a first-level cache of 32.
   */
  static final int COLUMNS = 6 * LANES;

  /**
   * Where tiles and sums begin in {@link #memory}, so that their vectors lie on cache lines; across
   * two lines they take twice as long. An array's values begin 16 bytes behind its own beginning,
   * and that of a large array is the beginning of a region of the G1 collector's.
   */
  static final int LINE = 12;

  /** Values that are enough for a region of its own with heaps below 16 GB. */
  private static final int LARGE = 1 << 20;

  /** Between rows of a panel: a column's values shall not compete for the same cache lines. */
  private static final int GAP = 16;

  private float[] memory = new float[0];
  private float[] factors = new float[0];
  private long[] words = new long[0];
  private int[] low = new int[0];
  private int[] high = new int[0];

  /** Whether this JVM computes with vectors; if not, the loops here are slower than any product. */
  static boolean isFast() {
    return LANES >= 4;
  }

  /**
   * Makes room.
   *
   * @param floats values of tiles and sums, all in all
   * @param columns of a panel
   */
  void reserve(int floats, int columns) {
    if (memory.length < LINE + floats) {
      memory = new float[Math.max(LINE + floats, LARGE)];
    }
    int step = step(columns);
    if (words.length < step) {
      factors = new float[ROWS * step];
      words = new long[step];
      low = new int[step];
      high = new int[step];
    }
  }

  /** What {@link #reserve} takes at most, in bytes on the Java heap. */
  static long bytes(long floats, int columns) {
    return Float.BYTES * (Math.max(LINE + floats, LARGE) + (ROWS + 4L) * step(columns));
  }

  /** Tiles and sums. */
  float[] memory() {
    return memory;
  }

  /** A panel's values, rows {@link #step} apart. */
  float[] factors() {
    return factors;
  }

  /** From a row of a panel with that many columns to the next. */
  static int step(int columns) {
    return (columns + ROWS - 1) / ROWS * ROWS + GAP;
  }

  /**
   * Writes a word for each column of the panel: bit r is set where row r is not zero.
   *
   * @return how many bits are set
   */
  int mark(int rows, int columns) {
    int step = step(columns);
    for (int column = 0; column < columns; column += LANES) {
      marks(column, 0, Math.min(rows, 32), step).intoArray(low, column);
      marks(column, 32, rows, step).intoArray(high, column);
    }
    int count = 0;
    for (int column = 0; column < columns; column++) {
      words[column] = (long) high[column] << 32 | Integer.toUnsignedLong(low[column]);
      count += Long.bitCount(words[column]);
    }
    for (int column = columns; column < step; column++) {
      words[column] = 0;
    }
    return count;
  }

  /** A vector of 32-bit words for rows {@code from} to {@code to - 1}, at most 32. */
  private IntVector marks(int column, int from, int to, int step) {
    IntVector marks = IntVector.zero(IntVector.SPECIES_PREFERRED);
    for (int row = from; row < to; row++) {
      // Without its sign, only a zero has no bit set; x | -x moves any bit to the top.
      IntVector value =
          FloatVector.fromArray(FLOATS, factors, row * step + column)
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, 1);
      IntVector bit = value.or(value.neg()).lanewise(VectorOperators.LSHR, 31);
      marks = marks.or(bit.lanewise(VectorOperators.LSHL, row - from));
    }
    return marks;
  }

  /**
   * Turns a word for each of the panel's columns into a word for each of its rows, 64 columns at a
   * time: bit c of word {@code first + r} then says whether row r is not zero in column {@code
   * first + c}. (Warren, Hacker's Delight, section 7-3.)
   */
  void transposeWords(int first) {
    long mask = -1L >>> 32;
    for (int width = 32; width != 0; width >>= 1, mask ^= mask << width) {
      for (int row = 0; row < ROWS; row = (row + width + 1) & ~width) {
        int at = first + row;
        long exchanged = (words[at] >>> width ^ words[at + width]) & mask;
        words[at] ^= exchanged << width;
        words[at + width] ^= exchanged;
      }
    }
  }

  /**
   * Where the factors of a row of sums lie.
   *
   * @param word of the first row of sums; that of the next follows
   * @param at place of the factor that the first row's lowest bit stands for
   * @param rowStep from there to the next row's
   * @param bitStep from there to the next bit's
   */
  record Factors(int word, int at, int rowStep, int bitStep) {}

  /**
   * Adds a tile's scaled rows to a strip's sums, two rows of sums at a time: what both need of the
   * tile is loaded once. With half of the values zero, half of each row's loads are such.
   * Everything is written out, since only local variables stay in registers.
   *
   * @param rows of sums; if that is odd, there must be room for one more, which stays as it is
   * @param tile place of the tile in {@link #memory}
   * @param sums place of the first row of sums, {@link #COLUMNS} values a row
   */
  void add(Factors of, int rows, int tile, int sums) {
    float[] memory = this.memory;
    float[] factors = this.factors;
    for (int row = 0; row < rows; row += 2) {
      int sumA = sums + row * COLUMNS;
      int sumB = sumA + COLUMNS;
      FloatVector a0 = FloatVector.fromArray(FLOATS, memory, sumA);
      FloatVector a1 = FloatVector.fromArray(FLOATS, memory, sumA + LANES);
      FloatVector a2 = FloatVector.fromArray(FLOATS, memory, sumA + 2 * LANES);
      FloatVector a3 = FloatVector.fromArray(FLOATS, memory, sumA + 3 * LANES);
      FloatVector a4 = FloatVector.fromArray(FLOATS, memory, sumA + 4 * LANES);
      FloatVector a5 = FloatVector.fromArray(FLOATS, memory, sumA + 5 * LANES);
      FloatVector b0 = FloatVector.fromArray(FLOATS, memory, sumB);
      FloatVector b1 = FloatVector.fromArray(FLOATS, memory, sumB + LANES);
      FloatVector b2 = FloatVector.fromArray(FLOATS, memory, sumB + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(FLOATS, memory, sumB + 3 * LANES);
      FloatVector b4 = FloatVector.fromArray(FLOATS, memory, sumB + 4 * LANES);
      FloatVector b5 = FloatVector.fromArray(FLOATS, memory, sumB + 5 * LANES);
      long wordA = words[of.word + row];
      long wordB = words[of.word + row + 1];
      int firstA = of.at + row * of.rowStep;
      int firstB = firstA + of.rowStep;
      for (long bits = wordA & wordB; bits != 0; bits &= bits - 1) {
        int bit = Long.numberOfTrailingZeros(bits);
        int scaled = tile + bit * COLUMNS;
        FloatVector factorA = FloatVector.broadcast(FLOATS, factors[firstA + bit * of.bitStep]);
        FloatVector factorB = FloatVector.broadcast(FLOATS, factors[firstB + bit * of.bitStep]);
        FloatVector t0 = FloatVector.fromArray(FLOATS, memory, scaled);
        a0 = factorA.fma(t0, a0);
        b0 = factorB.fma(t0, b0);
        FloatVector t1 = FloatVector.fromArray(FLOATS, memory, scaled + LANES);
        a1 = factorA.fma(t1, a1);
        b1 = factorB.fma(t1, b1);
        FloatVector t2 = FloatVector.fromArray(FLOATS, memory, scaled + 2 * LANES);
        a2 = factorA.fma(t2, a2);
        b2 = factorB.fma(t2, b2);
        FloatVector t3 = FloatVector.fromArray(FLOATS, memory, scaled + 3 * LANES);
        a3 = factorA.fma(t3, a3);
        b3 = factorB.fma(t3, b3);
        FloatVector t4 = FloatVector.fromArray(FLOATS, memory, scaled + 4 * LANES);
        a4 = factorA.fma(t4, a4);
        b4 = factorB.fma(t4, b4);
        FloatVector t5 = FloatVector.fromArray(FLOATS, memory, scaled + 5 * LANES);
        a5 = factorA.fma(t5, a5);
        b5 = factorB.fma(t5, b5);
      }
      for (long bits = wordA & ~wordB; bits != 0; bits &= bits - 1) {
        int bit = Long.numberOfTrailingZeros(bits);
        int scaled = tile + bit * COLUMNS;
        FloatVector factor = FloatVector.broadcast(FLOATS, factors[firstA + bit * of.bitStep]);
        a0 = factor.fma(FloatVector.fromArray(FLOATS, memory, scaled), a0);
        a1 = factor.fma(FloatVector.fromArray(FLOATS, memory, scaled + LANES), a1);
        a2 = factor.fma(FloatVector.fromArray(FLOATS, memory, scaled + 2 * LANES), a2);
        a3 = factor.fma(FloatVector.fromArray(FLOATS, memory, scaled + 3 * LANES), a3);
        a4 = factor.fma(FloatVector.fromArray(FLOATS, memory, scaled + 4 * LANES), a4);
        a5 = factor.fma(FloatVector.fromArray(FLOATS, memory, scaled + 5 * LANES), a5);
      }
      for (long bits = wordB & ~wordA; bits != 0; bits &= bits - 1) {
        int bit = Long.numberOfTrailingZeros(bits);
        int scaled = tile + bit * COLUMNS;
        FloatVector factor = FloatVector.broadcast(FLOATS, factors[firstB + bit * of.bitStep]);
        b0 = factor.fma(FloatVector.fromArray(FLOATS, memory, scaled), b0);
        b1 = factor.fma(FloatVector.fromArray(FLOATS, memory, scaled + LANES), b1);
        b2 = factor.fma(FloatVector.fromArray(FLOATS, memory, scaled + 2 * LANES), b2);
        b3 = factor.fma(FloatVector.fromArray(FLOATS, memory, scaled + 3 * LANES), b3);
        b4 = factor.fma(FloatVector.fromArray(FLOATS, memory, scaled + 4 * LANES), b4);
        b5 = factor.fma(FloatVector.fromArray(FLOATS, memory, scaled + 5 * LANES), b5);
      }
      a0.intoArray(memory, sumA);
      a1.intoArray(memory, sumA + LANES);
      a2.intoArray(memory, sumA + 2 * LANES);
      a3.intoArray(memory, sumA + 3 * LANES);
      a4.intoArray(memory, sumA + 4 * LANES);
      a5.intoArray(memory, sumA + 5 * LANES);
      b0.intoArray(memory, sumB);
      b1.intoArray(memory, sumB + LANES);
      b2.intoArray(memory, sumB + 2 * LANES);
      b3.intoArray(memory, sumB + 3 * LANES);
      b4.intoArray(memory, sumB + 4 * LANES);
      b5.intoArray(memory, sumB + 5 * LANES);
    }
  }
}
