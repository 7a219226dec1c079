package org.kindling.model;

/** From which distributions {@link InitialWeights} draws. */
public enum InitialScheme {
  /**
   * GPT-2's: N(0, 0.02), projections into the residual stream smaller the more layers there are,
   * biases 0.
   */
  GPT2,
  /**
   * What PyTorch does unless told: embeddings N(0, 1), linear weights and biases uniform between -1
   * / sqrt(in) and 1 / sqrt(in). The lecture's models, without residual connections or layer norms,
   * need its wider weights: GPT-2's let signals and gradients all but vanish.
   */
  PYTORCH;

  /** The name used in settings files: {@code gpt2}, {@code pytorch}. */
  public String settingName() {
    return SettingNames.of(this);
  }

  /** The scheme of that settings name. */
  public static InitialScheme fromName(String name) {
    return SettingNames.parse(InitialScheme.class, "model.initial-weights", name);
  }
}
