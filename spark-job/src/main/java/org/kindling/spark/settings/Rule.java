package org.kindling.spark.settings;

import org.kindling.spark.InputException;

/** Refuses a setting with one line that has its name, its value and the rule. */
final class Rule {
  private Rule() {}

  static void check(boolean holds, String name, Object value, String rule) {
    if (!holds) {
      throw broken(name, value, rule);
    }
  }

  static void atLeast(int least, String name, int value) {
    check(value >= least, name, value, "must be at least " + least);
  }

  static InputException broken(String name, Object value, String rule) {
    return new InputException("%s = %s: %s".formatted(name, value, rule));
  }
}
