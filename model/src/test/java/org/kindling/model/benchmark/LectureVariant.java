package org.kindling.model.benchmark;

import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;

/** Models of any size as the lecture has them: biases, but for queries, and a head of its own. */
final class LectureVariant {
  /** V, the characters of tiny Shakespeare. */
  static final int VOCABULARY = 65;

  private LectureVariant() {}

  static ModelSettings of(
      int layers, int heads, int embedding, int context, double dropout, Activation activation) {
    return new ModelSettings(
        ModelType.GPT,
        layers,
        heads,
        embedding,
        context,
        VOCABULARY,
        dropout,
        true,
        false,
        false,
        activation);
  }
}
