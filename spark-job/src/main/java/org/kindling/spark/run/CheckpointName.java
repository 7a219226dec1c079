package org.kindling.spark.run;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A checkpoint is named for its step: {@code step-00002000}. */
final class CheckpointName {
  private static final Pattern NAME = Pattern.compile("step-(\\d{8,10})");

  /** Directories that are being written or removed. */
  private static final Pattern HIDDEN = Pattern.compile("\\.step-\\d{8,10}\\.(tmp|old)");

  private CheckpointName() {}

  static String of(int step) {
    return String.format(Locale.ROOT, "step-%08d", step);
  }

  /** The step of a checkpoint's name; empty where the name is not one. */
  static OptionalInt step(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return OptionalInt.empty();
    }
    long step = Long.parseLong(matcher.group(1));
    boolean canonical = step <= Integer.MAX_VALUE && of((int) step).equals(name);
    return canonical ? OptionalInt.of((int) step) : OptionalInt.empty();
  }

  static boolean isHidden(String name) {
    return HIDDEN.matcher(name).matches();
  }

  /** Whether this package writes files of that name below {@code checkpoints/}. */
  static boolean isOwn(String name) {
    return step(name).isPresent() || isHidden(name);
  }
}
