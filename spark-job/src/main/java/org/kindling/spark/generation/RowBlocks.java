package org.kindling.spark.generation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.kindling.spark.corpus.TextRange;

/**
 * All rows of line files, divided among tasks: each has so many neighbours, wherever they lie.
 *
 * <p>A task reads the ranges that hold its rows and skips what comes before them; so a small or a
 * compressed file feeds all cores, too.
 */
final class RowBlocks {

  /**
   * The rows of one task.
   *
   * @param ranges those that hold them
   * @param skip rows of the first range before them
   * @param count how many they are
   */
  record Block(ArrayList<TextRange> ranges, long skip, long count) implements Serializable {}

  private RowBlocks() {}

  /**
   * Divides rows evenly, in their order.
   *
   * @param rows of each range
   */
  static List<Block> of(List<TextRange> ranges, List<Long> rows, int tasks) {
    long total = rows.stream().mapToLong(Long::longValue).sum();
    List<Block> blocks = new ArrayList<>();
    int range = 0;
    long before = 0; // rows in ranges before that one
    for (int task = 0; task < tasks; task++) {
      long first = Rows.firstOf(task, tasks, total);
      long end = Rows.firstOf(task + 1, tasks, total);
      while (range < ranges.size() && before + rows.get(range) <= first) {
        before += rows.get(range++);
      }
      ArrayList<TextRange> own = new ArrayList<>();
      long reached = before;
      for (int i = range; i < ranges.size() && reached < end; i++) {
        own.add(ranges.get(i));
        reached += rows.get(i);
      }
      blocks.add(new Block(own, first - before, end - first));
    }
    return blocks;
  }

  /** Task: a block's rows, read as they are asked for. */
  static final class Reading implements Iterator<byte[]> {
    private final Iterator<TextRange> ranges;
    private final Configuration configuration;
    private final LineFormat format;
    private LineReader reader;
    private byte[] next;
    private long left;

    Reading(Block block, Configuration configuration, LineFormat format) {
      this.ranges = block.ranges().iterator();
      this.configuration = configuration;
      this.format = format;
      this.left = block.skip() + block.count();
      TaskCompletionListener closing = ended -> close();
      TaskContext.get().addTaskCompletionListener(closing);
      for (long i = 0; i < block.skip(); i++) {
        next();
      }
    }

    @Override
    public boolean hasNext() {
      while (next == null && left > 0) {
        if (reader == null || !reader.hasNext()) {
          close();
          reader = new LineReader(ranges.next(), configuration);
        } else {
          byte[] line = reader.next();
          next = format.isRow(line) ? line : null;
        }
      }
      return next != null;
    }

    @Override
    public byte[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      byte[] line = next;
      next = null;
      left--;
      return line;
    }

    private void close() {
      if (reader != null) {
        reader.close();
        reader = null;
      }
    }
  }
}
