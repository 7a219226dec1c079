package org.kindling.spark.command.train;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.kindling.spark.InputException;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.Settings.Change;

/**
 * What a resumed run may do otherwise than before. Some settings say how long training goes on and
 * what is written; some would have led to other weights, and need {@code --force}; some the weights
 * cannot follow.
 */
final class ChangedSettings {
  /** They decide nothing that a step computes. The text is compared by its fingerprint. */
  private static final Set<String> FREE =
      Set.of(
          "data.input",
          "data.format",
          "data.field",
          "train.steps",
          "train.eval-every",
          "train.eval-windows",
          "train.log-every",
          "train.checkpoint-every",
          "train.keep-last",
          "train.early-stop",
          "train.sample-tokens",
          "train.reduction");

  private ChangedSettings() {}

  /**
   * Lists the changes on standard output.
   *
   * @throws InputException for one that is not allowed
   */
  static void check(Settings before, Settings after, boolean force) {
    List<Change> changes = after.changesFrom(before);
    for (Change change : changes) {
      if (isFixed(change.name())) {
        throw new InputException(
            "%s = %s: it was %s, and a trained model cannot follow"
                .formatted(change.name(), change.after(), change.before()));
      }
    }
    List<Change> learned =
        changes.stream().filter(change -> !FREE.contains(change.name())).toList();
    if (!learned.isEmpty() && !force) {
      throw new InputException(
          "%s: the run would not have learned the same; --force resumes all the same"
              .formatted(learned.stream().map(Change::toString).collect(Collectors.joining(", "))));
    }
    changes.forEach(change -> System.out.println("changed: " + change));
  }

  /** What gives the weights their shape and the ids their meaning. */
  private static boolean isFixed(String name) {
    return name.startsWith("tokenizer.")
        || (name.startsWith("model.") && !name.equals("model.dropout"));
  }
}
