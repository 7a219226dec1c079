package org.kindling.model.kernels;

import org.kindling.model.SettingNames;

/** Which kernels a replica computes with. */
public enum KernelChoice {
  /** oneDNN where its native library loads, else ND4J. */
  AUTO,
  /** oneDNN, or an error. */
  ONEDNN,
  /** ND4J only: portable, and what the fast kernels are tested against. */
  ND4J;

  /** The name used in settings files: {@code auto}, {@code onednn}, {@code nd4j}. */
  public String settingName() {
    return SettingNames.of(this);
  }

  /** The choice of that settings name. */
  public static KernelChoice fromName(String name) {
    return SettingNames.parse(KernelChoice.class, "train.kernels", name);
  }
}
