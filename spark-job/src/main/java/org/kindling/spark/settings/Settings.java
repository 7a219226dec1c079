package org.kindling.spark.settings;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.kindling.model.SettingNames;

/**
 * All settings of a training run, checked. {@link SettingsReader} makes them, {@link
 * SettingsWriter} writes them.
 */
public record Settings(
    ModelShape model, DataSettings data, TokenizerSettings tokenizer, TrainSettings train)
    implements Serializable {

  public Settings {
    model.withVocabulary(1); // only for its checks, so that each rule is written once
  }

  /**
   * A setting with another value than before.
   *
   * @param name such as {@code train.steps}
   */
  public record Change(String name, Object before, Object after) {
    @Override
    public String toString() {
      return "%s %s -> %s".formatted(name, written(before), written(after));
    }

    private static String written(Object value) {
      return value instanceof Enum<?> constant ? SettingNames.of(constant) : value.toString();
    }
  }

  /** What is not as it was, in the order of the settings. */
  public List<Change> changesFrom(Settings before) {
    Map<String, Object> then = SettingsRecords.values(before);
    List<Change> changes = new ArrayList<>();
    SettingsRecords.values(this)
        .forEach(
            (name, value) -> {
              if (!value.equals(then.get(name))) {
                changes.add(new Change(name, then.get(name), value));
              }
            });
    return changes;
  }

  /** The same run with its text written otherwise. */
  public Settings withInput(String input) {
    DataSettings moved =
        new DataSettings(input, data.format(), data.field(), data.validationFraction());
    return new Settings(model, moved, tokenizer, train);
  }

  /** The same run that skips zeros or does not, which is decided at its first start. */
  public Settings withSkipZeros(boolean skips) {
    return new Settings(model, data, tokenizer, train.withSkipZeros(skips));
  }

  /** The same run with another number of shards, which is decided at its first start. */
  public Settings withShards(int shards) {
    return new Settings(model, data, tokenizer, train.withShards(shards));
  }
}
