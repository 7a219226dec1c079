package org.kindling.model.decoding;

import java.util.Iterator;
import org.kindling.model.sampling.Sampler;

/**
 * Runs requests through a decoder's slots: a sequence that ends leaves its slot to the next request
 * at once, so the slots stay full as long as requests come.
 *
 * <pre>{@code
 * Generation generation = new Generation(decoder, requests.iterator());
 * while (generation.step()) {}
 * }</pre>
 *
 * <p>A request's tokens depend on the request alone, see {@link Decoder}; the order in which
 * sequences end does not. Whoever stops calling {@link #step} leaves nothing to be freed; a decoder
 * serves one generation at a time.
 */
public final class Generation {
  private final Decoder decoder;
  private final Iterator<Request> source;
  private final Sequence[] slots;
  private final int[] running;
  private final float[] logits;
  private final float[] row;

  /** A request in its slot. */
  private static final class Sequence {
    private final Request request;
    private final Sampler sampler;
    private int taken;

    Sequence(Request request) {
      this.request = request;
      this.sampler = new Sampler(request.sampling(), request.prompt());
    }
  }

  /**
   * @param source asked for a request whenever a slot is free
   */
  public Generation(Decoder decoder, Iterator<Request> source) {
    this.decoder = decoder;
    this.source = source;
    this.slots = new Sequence[decoder.slots()];
    this.running = new int[slots.length];
    this.logits = new float[Math.multiplyExact(slots.length, decoder.vocabulary())];
    this.row = new float[decoder.vocabulary()];
  }

  /**
   * Fills free slots, then adds one token to each running sequence.
   *
   * @return false once the source is empty and all sequences have ended
   */
  public boolean step() {
    int count = 0;
    for (int slot = 0; slot < slots.length; slot++) {
      if (slots[slot] == null) {
        slots[slot] = next(slot);
      }
      if (slots[slot] != null) {
        running[count++] = slot;
      }
    }
    if (count == 0) {
      return false;
    }
    decoder.logits(running, count, logits);
    for (int i = 0; i < count; i++) {
      System.arraycopy(logits, i * row.length, row, 0, row.length);
      advance(running[i]);
    }
    return true;
  }

  /** The next request that wants tokens, begun in the slot; null if there is none. */
  private Sequence next(int slot) {
    while (source.hasNext()) {
      Request request = source.next();
      if (request.count() > 0) {
        decoder.begin(slot, request.prompt());
        return new Sequence(request);
      }
      request.sink().end();
    }
    return null;
  }

  private void advance(int slot) {
    Sequence sequence = slots[slot];
    int token = sequence.sampler.sample(row);
    boolean goesOn = sequence.request.sink().take(token);
    if (goesOn && ++sequence.taken < sequence.request.count()) {
      decoder.append(slot, token);
    } else {
      slots[slot] = null;
      sequence.request.sink().end();
    }
  }
}
