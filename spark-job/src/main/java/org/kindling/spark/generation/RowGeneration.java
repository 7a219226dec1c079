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
 * At most {@value #WINDOW_PER_SLOT} rows a slot are between the two ends, so memory is bounded, and
 * one long row holds the slots beside it up only when they are that far ahead.
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

  /** Of the row that was read last, samples that no slot has taken yet. */
  private final Deque<Request> begun = new ArrayDeque<>();

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
    this.tokenizer = tokenizer;
    this.reader = new PromptReader(settings, tokenizer);
    this.listener = listener;
    this.window = Math.multiplyExact(WINDOW_PER_SLOT, decoder.slots());
    this.generation = new Generation(decoder, new Requests());
  }

  @Override
  public boolean hasNext() {
    return !order.isEmpty() || rows.hasNext();
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
      while (begun.isEmpty() && order.size() < window && rows.hasNext()) {
        read(rows.next());
      }
      return !begun.isEmpty();
    }

    @Override
    public Request next() {
      return begun.remove();
    }
  }

  private void read(I row) {
    Prompt prompt;
    try {
      prompt = reader.read(format.fields(row));
    } catch (RowException e) {
      fail(row, e);
      return;
    }
    GenerationSettings own = prompt.settings();
    for (long seed : prompt.seeds()) {
      StringBuilder text = new StringBuilder();
      Continuation continuation =
          new Continuation(tokenizer.decoder(), tokenizer.endOfText(), own.stop(), text::append);
      order.add(new Pending<>(row, prompt.ids().length, seed, continuation, text, null));
      begun.add(
          new Request(
              prompt.ids(), own.maxNewTokens(), own.sampling().withSeed(seed), continuation));
    }
  }

  private void fail(I row, RowException error) {
    if (settings.onError() == BatchSettings.OnError.FAIL) {
      throw new InputException("a row cannot be continued: " + error.describe(), error);
    }
    Long seed;
    try {
      seed = PromptReader.ownSeed(format.fields(row));
    } catch (RowException e) {
      seed = null; // that may be what is wrong with the row
    }
    for (int sample = 0; sample < settings.numSamples(); sample++) {
      order.add(new Pending<>(row, 0, seed, null, null, error));
      listener.failed(error);
    }
  }
}
