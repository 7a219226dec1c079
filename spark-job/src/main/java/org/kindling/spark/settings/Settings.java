package org.kindling.spark.settings;

import java.io.Serializable;

/**
 * All settings of a training run, checked. {@link SettingsReader} makes them, {@link
 * SettingsWriter} writes them.
 */
public record Settings(
    ModelShape model, DataSettings data, TokenizerSettings tokenizer, TrainSettings train)
    implements Serializable {

  /** The same run with another number of shards, which is decided at its first start. */
  public Settings withShards(int shards) {
    return new Settings(model, data, tokenizer, train.withShards(shards));
  }
}
