package org.kindling.spark.settings;

import java.io.Serializable;
import org.kindling.model.Activation;
import org.kindling.model.InitialScheme;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;

/**
 * The model as far as the user decides it; the vocabulary comes with the text.
 *
 * <p>The rules are those of {@link ModelSettings}, which also throws where they are broken.
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

  public ModelShape {
    // Made only for its checks, so that each rule is written once.
    new ModelSettings(
        type,
        layers,
        heads,
        embedding,
        context,
        1,
        dropout,
        bias,
        qkvBias,
        tiedHead,
        activation,
        feedForward,
        feedForwardWidth,
        feedForwardProjection,
        residual,
        layerNorm,
        projection,
        initialWeights);
  }

  /** The model for {@code vocabulary} token ids. */
  public ModelSettings withVocabulary(int vocabulary) {
    return new ModelSettings(
        type,
        layers,
        heads,
        embedding,
        context,
        vocabulary,
        dropout,
        bias,
        qkvBias,
        tiedHead,
        activation,
        feedForward,
        feedForwardWidth,
        feedForwardProjection,
        residual,
        layerNorm,
        projection,
        initialWeights);
  }
}
