package org.kindling.model;

/** What kind of model predicts the next token. */
public enum ModelType {
  /** One (V, V) table: row {@code i} holds the logits of the token that follows token {@code i}. */
  BIGRAM,
  /**
   * A decoder-only transformer with pre-norm blocks and learned positions (GPT-2's architecture).
   */
  GPT;

  /** The name used in settings files: {@code bigram}, {@code gpt}. */
  public String settingName() {
    return SettingNames.of(this);
  }

  /** The type of that settings name. */
  public static ModelType fromName(String name) {
    return SettingNames.parse(ModelType.class, "model.type", name);
  }
}
