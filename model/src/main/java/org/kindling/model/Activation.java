package org.kindling.model;

/** The nonlinearity of the feed-forward layer. */
public enum Activation {
  /** max(0, x), as in the lecture. */
  RELU,
  /** x Phi(x) with the exact error function, as in nanoGPT. */
  GELU,
  /** GELU's tanh approximation, as in GPT-2 (Hendrycks and Gimpel, arXiv:1606.08415). */
  GELU_TANH;

  /** The name used in settings files: {@code relu}, {@code gelu}, {@code gelu-tanh}. */
  public String settingName() {
    return SettingNames.of(this);
  }

  /** The activation of that settings name. */
  public static Activation fromName(String name) {
    return SettingNames.parse(Activation.class, "model.activation", name);
  }
}
