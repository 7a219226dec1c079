package org.kindling.spark.command.train;

import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how far some work is that has a known end: a live bar on a terminal, a line now and then
 * where output goes elsewhere.
 */
public abstract sealed class WorkProgress implements AutoCloseable {

  /** The display that fits where standard output goes. */
  public static WorkProgress of(String task) {
    return System.console() == null ? new Lines(System.out, task) : new Bar(task);
  }

  /** So much is done. */
  final void at(int done, int of) {
    at(done, of, "");
  }

  /**
   * So much is done.
   *
   * @param note what else to show; with one, the time left is shown, too
   */
  public abstract void at(long done, long of, String note);

  /** Leaves the terminal as text that comes next needs it. */
  @Override
  public abstract void close();

  /** A bar as all of Kindling's are. */
  static ProgressBarBuilder bar(String task) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200);
  }

  /** A bar on standard error with the time left. */
  static final class Bar extends WorkProgress {
    private final ProgressBar bar;

    Bar(String task) {
      bar = bar(task).build();
    }

    @Override
    public void at(long done, long of, String note) {
      bar.maxHint(of);
      bar.setExtraMessage(note);
      bar.stepTo(done);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** A line every few seconds, and one at the end. */
  static final class Lines extends WorkProgress {
    static final long PAUSE_NANOS = 5_000_000_000L;

    private final PrintStream out;
    private final String task;
    private final long began = System.nanoTime();
    private long printed = began;

    Lines(PrintStream out, String task) {
      this.out = out;
      this.task = task;
    }

    @Override
    public void at(long done, long of, String note) {
      long now = System.nanoTime();
      if (done == of || now - printed > PAUSE_NANOS) {
        printed = now;
        String more = note.isEmpty() ? "" : ", " + note + timeLeft(done, of, now);
        out.printf(Locale.ROOT, "%s: %,d of %,d%s%n", task, done, of, more);
      }
    }

    private String timeLeft(long done, long of, long now) {
      return done == 0 || done == of ? "" : TimeLeft.after(now - began, done, of - done);
    }

    @Override
    public void close() {
      out.flush();
    }
  }
}
