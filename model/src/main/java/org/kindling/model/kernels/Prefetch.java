package org.kindling.model.kernels;

import java.nio.IntBuffer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Brings memory into the caches by reading one value of every cache line.
 *
 * <p>A product of few rows takes the time in which its weights come from memory, and oneDNN's waits
 * for them: it does so much between two lines that the core never looks far ahead. This loop does
 * nothing, so as many lines are on their way at once as the core can ask for. Reading first and
 * multiplying then takes two thirds of the time.
 */
final class Prefetch implements Kernel {
  private static final int LINE = 64 / Integer.BYTES;

  private final IntBuffer values;

  /** Makes the reads count; what it says means nothing. */
  private int seen;

  /**
   * @param bytes less than 2^31
   */
  Prefetch(Pointer memory, long bytes) {
    this.values = new IntPointer(memory).capacity(bytes / Integer.BYTES).asBuffer();
  }

  @Override
  public void run() {
    seen = read(values, values.limit());
  }

  private static int read(IntBuffer values, int count) {
    int all = 0;
    for (int i = 0; i < count; i += LINE) {
      all |= values.get(i);
    }
    return all;
  }

  @Override
  public String toString() {
    return "Prefetch[%d values, %d seen]".formatted(values.limit(), seen);
  }
}
