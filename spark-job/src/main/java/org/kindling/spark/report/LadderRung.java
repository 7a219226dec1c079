package org.kindling.spark.report;

/**
 * A row of the ladder: one model of the lecture.
 *
 * @param name of its preset, for example {@code 02-one-head}
 * @param adds what it has that the one before has not
 * @param lecture the lecture's validation loss on tiny Shakespeare, nats a token
 * @param parameters P; 0 where nobody knows, of a rung that was left out
 * @param steps trained; 0 for a rung that was left out
 * @param loss best validation loss, nats a token; NaN without one
 * @param seconds training and evaluation; of a rung that was left out, what they would take, or NaN
 * @param sample what the model wrote
 * @param report its page, relative to the ladder's; empty without one
 * @param leftOut why it was not trained; empty if it was
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
    String report,
    String leftOut) {
  /** Why most are left out. */
  public static final String NO_TIME = "no time for it";

  public boolean isTrained() {
    return leftOut.isEmpty();
  }

  /** Minutes and seconds: {@code 1:05}. */
  public String time() {
    long whole = Math.round(seconds);
    return Markup.format("%d:%02d", whole / 60, whole % 60);
  }

  /** About how long it takes, {@code 40 s}, {@code 35 min}, {@code 4 h}; empty if nobody knows. */
  public String estimate() {
    return Double.isNaN(seconds)
        ? ""
        : seconds < 90
            ? Markup.format("%d s", Math.round(seconds))
            : seconds < 5400
                ? Markup.format("%d min", Math.round(seconds / 60))
                : Markup.format("%d h", Math.round(seconds / 3600));
  }

  /** 10,788,929, or a dash. */
  public String parametersText() {
    return parameters == 0 ? "-" : Markup.format("%,d", parameters);
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
