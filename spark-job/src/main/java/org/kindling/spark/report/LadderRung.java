package org.kindling.spark.report;

/**
 * A row of the ladder: one model of the lecture.
 *
 * @param name of its preset, for example {@code 02-one-head}
 * @param adds what it has that the one before has not
 * @param lecture the lecture's validation loss on tiny Shakespeare, nats a token
 * @param parameters P
 * @param steps trained; 0 for a rung that was left out
 * @param loss best validation loss, nats a token; NaN without one
 * @param seconds training and evaluation; of a rung that was left out, what they would take
 * @param sample what the model wrote
 * @param report its page, relative to the ladder's; empty without one
 */
public record LadderRung(
    String name,
    String adds,
    double lecture,
    int parameters,
    int steps,
    double loss,
    double seconds,
    String sample,
    String report) {

  /** Whether there was time for it. */
  public boolean isTrained() {
    return steps > 0;
  }

  /** Minutes and seconds: {@code 1:05}. */
  public String time() {
    long whole = Math.round(seconds);
    return Markup.format("%d:%02d", whole / 60, whole % 60);
  }

  /** About how long it takes: {@code 40 s}, {@code 35 min}, {@code 4 h}. */
  public String estimate() {
    return seconds < 90
        ? Markup.format("%d s", Math.round(seconds))
        : seconds < 5400
            ? Markup.format("%d min", Math.round(seconds / 60))
            : Markup.format("%d h", Math.round(seconds / 3600));
  }

  /** The sample's beginning as one line: {@code ROMEO: / Ay me!}. */
  public String line() {
    String text = sample.strip().replaceAll("\\s*\\R\\s*", " / ");
    return text.substring(
        0, text.offsetByCodePoints(0, Math.min(56, text.codePointCount(0, text.length()))));
  }

  /** 2.40. */
  public String lectureText() {
    return Markup.format("%.2f", lecture);
  }

  /** 2.3987, or a dash. */
  public String lossText() {
    return Double.isFinite(loss) ? Markup.format("%.4f", loss) : "-";
  }
}
