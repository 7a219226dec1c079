package org.kindling.model.layers;

import org.kindling.model.ModelSettings;
import org.kindling.model.Parameters;
import org.kindling.model.kernels.Arena;
import org.kindling.model.kernels.Kernels;

/** What the layers of one network are built from. */
public final class Build {
  private final ModelSettings settings;
  private final Parameters parameters;
  private final Kernels kernels;
  private final Arena arena;
  private final int length;
  private final long[] keys;
  private int places;

  /**
   * @param length tokens a sequence, at most the settings' context
   * @param keys a dropout key for each of the B sequences, set anew before each training pass
   */
  public Build(
      ModelSettings settings,
      Parameters parameters,
      Kernels kernels,
      Arena arena,
      int length,
      long[] keys) {
    this.settings = settings;
    this.parameters = parameters;
    this.kernels = kernels;
    this.arena = arena;
    this.length = length;
    this.keys = keys;
  }

  ModelSettings settings() {
    return settings;
  }

  Parameters parameters() {
    return parameters;
  }

  Kernels kernels() {
    return kernels;
  }

  Arena arena() {
    return arena;
  }

  /** B. */
  int sequences() {
    return keys.length;
  }

  /** T. */
  int length() {
    return length;
  }

  /** N = B T. */
  int rows() {
    return keys.length * length;
  }

  long[] keys() {
    return keys;
  }

  /** Numbers the places where dropout happens, in the order in which layers are made. */
  int nextPlace() {
    return places++;
  }
}
