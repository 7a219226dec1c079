package org.kindling.spark.generation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.kindling.model.decoding.Decoder;
import org.kindling.model.decoding.Generation;
import org.kindling.model.decoding.Request;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.Tokenizer;

/**
 * Rows in, rows with completions out, in the same order: the work of one task.
 *
 * <p>A row is read when a slot is free for it, and waits for those before it once it is complete.
 * At most {@value #WINDOW_PER_SLOT} rows a slot, each sample for itself, are between the two ends,
 * so memory is bounded, and one long row holds the slots beside it up only when they are that far
 * ahead.
 *
 * @param <I> a row of the input
 * @param <O> a row of the output
 */
final class RowGeneration<I, O> implements Iterator<O> {
  private static final int WINDOW_PER_SLOT = 32;

  private final Iterator<? extends I> rows;
  private final RowFormat<I, O> format;
  private final PromptReader reader;
  private final BatchSettings settings;
  private final Tokenizer tokenizer;
  private final Generation generation;
  private final Listener listener;
  private final int window;

  /** Rows between the two ends, in the order of the input. */
  private final Deque<Pending<I>> order = new ArrayDeque<>();

  /** The row that was read last, and how many of its samples are among those. */
  private I row;

  private int samples;

  /** Its prompt; null if it has none. */
  private Prompt prompt;

  /** What each of its samples comes to if it has no prompt. */
  private Pending<I> failed;

  /** A sample that no slot has taken yet, or null. */
  private Request begun;

  /** Hears how the work goes, on its thread. */
  interface Listener {
    /** Before each token of all slots. */
    default void stepping() {}

    /** A row of the output is ready. */
    default void completed(Completion completion) {}

    /** A row, or each sample of it, got an error. */
    default void failed(RowException cause) {}
  }

  /** A sample of a row on its way; without a continuation, an error. */
  private record Pending<I>(
      I row,
      int promptTokens,
      Long seed,
      Continuation continuation,
      StringBuilder text,
      RowException error) {
    boolean isReady() {
      return continuation == null || continuation.ended();
    }

    Completion completion() {
      if (continuation == null) {
        return Completion.failed(seed, error);
      }
      String reason = continuation.stopped() ? Completion.STOP : Completion.LENGTH;
      return new Completion(
          text.toString(), reason, promptTokens, continuation.tokens(), seed, null);
    }
  }

  RowGeneration(
      Iterator<? extends I> rows,
      RowFormat<I, O> format,
      BatchSettings settings,
      Tokenizer tokenizer,
      Decoder decoder,
      Listener listener) {
    this.rows = rows;
    this.format = format;
    this.settings = settings;
    this.samples = settings.numSamples();
    this.tokenizer = tokenizer;
    this.reader = new PromptReader(settings, tokenizer);
    this.listener = listener;
    this.window = Math.multiplyExact(WINDOW_PER_SLOT, decoder.slots());
    this.generation = new Generation(decoder, new Requests());
  }

  @Override
  public boolean hasNext() {
    return !order.isEmpty() || hasMore();
  }

  /** Whether there are samples that have not begun. */
  private boolean hasMore() {
    return samples < settings.numSamples() || rows.hasNext();
  }

  @Override
  public O next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    while (order.isEmpty() || !order.peek().isReady()) {
      listener.stepping();
      generation.step();
    }
    Pending<I> first = order.poll();
    Completion completion = first.completion();
    listener.completed(completion);
    return format.completed(first.row(), completion);
  }

  /** What the decoder asks for work: nothing while the window is full, and later again. */
  private final class Requests implements Iterator<Request> {
    @Override
    public boolean hasNext() {
      while (begun == null && order.size() < window && hasMore()) {
        if (samples == settings.numSamples()) {
          read(rows.next());
        }
        begin(samples++);
      }
      return begun != null;
    }

    @Override
    public Request next() {
      Request next = begun;
      begun = null;
      return next;
    }
  }

  private void read(I next) {
    row = next;
    samples = 0;
    try {
      prompt = reader.read(format.fields(row));
    } catch (RowException e) {
      if (settings.onError() == BatchSettings.OnError.FAIL) {
        throw new InputException("a row cannot be continued: " + e.describe(), e);
      }
      prompt = null;
      failed = new Pending<>(row, 0, seedOfBadRow(), null, null, e);
    }
  }

  /** The row's next sample, which a slot is to continue, or which gets the row's error. */
  private void begin(int sample) {
    if (prompt == null) {
      order.add(failed);
      listener.failed(failed.error());
      return;
    }
    GenerationSettings own = prompt.settings();
    long seed = prompt.seeds().applyAsLong(sample);
    StringBuilder text = new StringBuilder();
    Continuation continuation =
        new Continuation(tokenizer.decoder(), tokenizer.endOfText(), own.stop(), text::append);
    order.add(new Pending<>(row, prompt.ids().length, seed, continuation, text, null));
    begun =
        new Request(prompt.ids(), own.maxNewTokens(), own.sampling().withSeed(seed), continuation);
  }

  private Long seedOfBadRow() {
    try {
      return PromptReader.ownSeed(format.fields(row));
    } catch (RowException e) {
      return null; // that may be what is wrong with the row
    }
  }
}
