package org.kindling.spark.generation;

import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import org.kindling.model.decoding.Decoder;

/**
 * What a Spark task does: its rows, through a decoder of its own, which is closed with the task.
 *
 * @param <I> a row of the input
 * @param <O> a row of the output
 */
record GenerationTask<I, O>(
    Broadcast<PublishedModel> published,
    RowFormat<I, O> format,
    BatchSettings settings,
    Tally tally)
    implements FlatMapFunction<Iterator<I>, O>, MapPartitionsFunction<I, O> {
  private static final long serialVersionUID = 1;

  @Override
  public Iterator<O> call(Iterator<I> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    TaskContext task = TaskContext.get();
    RowGeneration.Listener listener = tally.listener(task);
    SharedModel model = published.value().get();
    Decoder decoder = model.decoder(settings.slots());
    TaskCompletionListener closing = ended -> decoder.close();
    task.addTaskCompletionListener(closing);
    return new RowGeneration<>(rows, format, settings, model.tokenizer(), decoder, listener);
  }
}
