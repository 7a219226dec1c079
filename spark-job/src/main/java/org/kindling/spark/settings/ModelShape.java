package org.kindling.spark.settings;

import java.io.Serializable;
import org.kindling.model.Activation;
import org.kindling.model.InitialScheme;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;

/**
 * The model as far as the user decides it; the vocabulary comes with the text.
 *
 * <p>What each means, and the rules, are those of {@link ModelSettings}, whose components these are
 * but for one; {@link Settings} have such as can be.
 */
public record ModelShape(
    ModelType type,
    int layers,
    int heads,
    int embedding,
    int context,
    double dropout,
    boolean bias,
    boolean qkvBias,
    boolean tiedHead,
    Activation activation,
    boolean feedForward,
    int feedForwardWidth,
    boolean feedForwardProjection,
    boolean residual,
    boolean layerNorm,
    boolean projection,
    InitialScheme initialWeights)
    implements Serializable {

  /**
   * The model for {@code vocabulary} token ids.
   *
   * @throws org.kindling.model.ModelException if there can be none
   */
  public ModelSettings withVocabulary(int vocabulary) {
    return SettingsRecords.with(ModelSettings.class, this, "vocabulary", vocabulary);
  }

  /** Whether a model has this shape. Its dropout may be another, which no weight depends on. */
  public boolean isOf(ModelSettings model) {
    return withVocabulary(model.vocabulary())
        .equals(SettingsRecords.with(ModelSettings.class, model, "dropout", dropout));
  }
}
