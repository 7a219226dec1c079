package org.kindling.model.decoding;

import java.util.BitSet;
import org.kindling.model.ModelSettings;
import org.kindling.model.kernels.Arena;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.SingleThread;

/**
 * A GPT with a cache of keys and values.
 *
 * <p>A prompt is computed in stretches of 64 positions, then a position at a time. Whichever slots
 * ask together share passes; a stretch is never divided, so a position is computed by the same
 * kernels in any company, see {@link RowCounts} and {@link CachedAttention}. A sequence that has
 * outgrown T is a prompt of T tokens each time.
 */
final class GptDecoder extends SlotDecoder {
  private final Kernels kernels;
  private final Arena arena;
  private final FixedWeights weights;
  private final KeyValueCache cache;
  private final Pass pass;

  /** Slots whose logits were no numbers, and in whose cache there may be others of the kind. */
  private final BitSet tainted = new BitSet();

  /**
   * @param kernels 32-bit ones; closed with the decoder
   */
  GptDecoder(ModelSettings settings, float[] flat, int slots, Kernels kernels) {
    super(slots, settings.context(), settings.vocabulary());
    this.kernels = kernels;
    this.arena = new Arena(kernels.type());
    SingleThread.enforce();
    try {
      this.weights = new FixedWeights(settings, flat, kernels, arena);
      RowBuffers rows = RowBuffers.of(settings, arena);
      this.cache = new KeyValueCache(settings, slots, arena);
      this.pass =
          new Pass(
              settings,
              weights,
              rows,
              cache,
              new CachedAttention(kernels, settings, rows, cache, arena),
              new RowCounts(
                  count -> new RowKernels(kernels, weights, settings, rows.first(count)), rows));
    } catch (Throwable e) { // too little memory, above all; Spark tries again in the same JVM
      close();
      throw e;
    }
  }

  @Override
  public void begin(int slot, int[] prompt) {
    super.begin(slot, prompt);
    if (tainted.get(slot)) {
      cache.clear(slot);
      tainted.clear(slot);
    }
  }

  @Override
  public void logits(int[] chosen, int count, float[] into) {
    SingleThread.enforce();
    for (int i = 0; i < count; i++) {
      Window window = windows[chosen[i]];
      if (window.computed() == window.length()) {
        throw new IllegalStateException("slot %d has no new token".formatted(chosen[i]));
      }
      for (int at = window.computed(); at < window.length(); ) {
        int length = Math.min(KeyValueCache.BLOCK, window.length() - at);
        if (!pass.fits(length)) {
          pass.run(into);
        }
        boolean isLast = at + length == window.length();
        pass.add(chosen[i], window, at, length, isLast ? i : -1);
        at += length;
      }
      window.computed(window.length());
    }
    pass.run(into);
    for (int i = 0; i < count; i++) {
      if (!isFinite(into, i)) {
        tainted.set(chosen[i]);
      }
    }
  }

  private boolean isFinite(float[] logits, int row) {
    float sum = 0;
    for (int v = row * vocabulary; v < (row + 1) * vocabulary; v++) {
      sum += logits[v] * 0;
    }
    return sum == 0;
  }

  /** What it takes once it is made, without oneDNN's own objects. */
  long allocatedBytes() {
    return weights.packedBytes() + arena.bytes();
  }

  @Override
  public void close() {
    kernels.close();
    arena.close();
  }
}
