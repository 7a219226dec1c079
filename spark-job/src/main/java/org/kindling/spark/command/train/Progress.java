package org.kindling.spark.command.train;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.kindling.spark.training.TrainingListener;

/**
 * Shows how training goes: a live bar on a terminal, a line now and then where output goes
 * elsewhere.
 */
abstract sealed class Progress implements TrainingListener, AutoCloseable {
  private Double validationLoss;

  /** The display that fits where standard output goes; {@code out} is for lines. */
  static Progress of(int firstStep, int steps, PrintStream out) {
    return System.console() == null ? new Lines(out, steps) : new Bar(firstStep, steps);
  }

  @Override
  public void evaluated(int step, double loss, boolean isBest) {
    validationLoss = loss;
  }

  /** loss 1.8432, validation 1.9011, rate 9.9e-04, 38,512 tokens/s. */
  final String describe(double loss, double learningRate, double tokensPerSecond) {
    String validation =
        validationLoss == null
            ? ""
            : String.format(Locale.ROOT, "validation %.4f, ", validationLoss);
    return String.format(
        Locale.ROOT,
        "loss %.4f, %srate %.1e, %,.0f tokens/s",
        loss,
        validation,
        learningRate,
        tokensPerSecond);
  }

  /** Leaves the terminal as text that comes next needs it. */
  @Override
  public abstract void close();

  /** A bar on standard error with the time left. */
  static final class Bar extends Progress {
    private final ProgressBar bar;

    Bar(int firstStep, int steps) {
      bar =
          WorkProgress.bar("training")
              .setInitialMax(steps)
              .startsFrom(firstStep, Duration.ZERO)
              .build();
    }

    @Override
    public void stepped(int step, double loss, double learningRate, double tokensPerSecond) {
      bar.setExtraMessage(describe(loss, learningRate, tokensPerSecond));
      bar.stepTo(step);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /** A line at the first step, at each evaluation, and otherwise every few seconds. */
  static final class Lines extends Progress {
    private final PrintStream out;
    private final int steps;
    private final long began = System.nanoTime();
    private long printed;
    private int firstStep = -1;

    Lines(PrintStream out, int steps) {
      this.out = out;
      this.steps = steps;
    }

    @Override
    public void stepped(int step, double loss, double learningRate, double tokensPerSecond) {
      long now = System.nanoTime();
      if (firstStep < 0) {
        firstStep = step;
      }
      if (step == firstStep || step == steps || now - printed > WorkProgress.Lines.PAUSE_NANOS) {
        printed = now;
        out.printf(
            Locale.ROOT,
            "step %d/%d: %s%s%n",
            step,
            steps,
            describe(loss, learningRate, tokensPerSecond),
            timeLeft(step, now));
      }
    }

    private String timeLeft(int step, long now) {
      return step == firstStep
          ? ""
          : TimeLeft.after(now - began, step - firstStep + 1, steps - step);
    }

    @Override
    public void evaluated(int step, double loss, boolean isBest) {
      super.evaluated(step, loss, isBest);
      out.printf(
          Locale.ROOT,
          "step %d/%d: validation loss %.4f%s%n",
          step,
          steps,
          loss,
          isBest ? ", the best so far" : "");
    }

    @Override
    public void close() {
      out.flush();
    }
  }
}
