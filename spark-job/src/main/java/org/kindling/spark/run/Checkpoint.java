package org.kindling.spark.run;

import java.util.Map;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.spark.settings.TrainSettings;

/**
 * Everything needed to continue training. The vectors are the caller's own, never copied.
 *
 * @param weights (P), in the order of {@link ParameterLayout}
 * @param firstMoment (P), AdamW's running mean of the gradient
 * @param secondMoment (P), AdamW's running mean of the squared gradient
 * @param state the rest
 */
public record Checkpoint(
    float[] weights, float[] firstMoment, float[] secondMoment, TrainingState state) {

  public Checkpoint {
    int parameters = ParameterLayout.of(state.model()).size();
    for (float[] vector : new float[][] {weights, firstMoment, secondMoment}) {
      if (vector.length != parameters) {
        throw new IllegalArgumentException(
            "a vector of %d values for a model of %d parameters"
                .formatted(vector.length, parameters));
      }
    }
  }

  /**
   * The same vectors, for training that goes on with these settings on this text.
   *
   * @param versions of what goes on with it
   */
  public Checkpoint with(
      TrainSettings settings,
      ModelSettings model,
      String dataFingerprint,
      Map<String, String> versions) {
    TrainingState resumed =
        state.resumedWith(settings.shards(), settings.seed(), dataFingerprint, model, versions);
    return new Checkpoint(weights, firstMoment, secondMoment, resumed);
  }

  /** Optimizer steps done. */
  public int step() {
    return state.step();
  }
}
