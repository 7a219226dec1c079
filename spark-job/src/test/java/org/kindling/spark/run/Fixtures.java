package org.kindling.spark.run;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;

/** Small runs and checkpoints to test with. */
final class Fixtures {
  static final Configuration LOCAL = new Configuration();

  static final ModelSettings MODEL =
      new ModelSettings(
          ModelType.GPT, 2, 2, 8, 4, 11, 0.1, true, false, true, Activation.GELU_TANH);

  private Fixtures() {}

  static RunDirectory run(java.nio.file.Path directory) {
    return RunDirectory.create(directory.toString(), false, "train.steps = 5\n", "{}\n", LOCAL);
  }

  static TrainingState state(int step, double bestLoss, int bestStep) {
    return new TrainingState(
        step, 4, -7L, bestLoss, bestStep, 1, "tok", "data", MODEL, Map.of("kindling", "0.1.0"));
  }

  static Checkpoint checkpoint(int step) {
    return checkpoint(state(step, Double.POSITIVE_INFINITY, 0));
  }

  static Checkpoint checkpoint(TrainingState state) {
    int size = ParameterLayout.of(state.model()).size();
    return new Checkpoint(
        ramp(size, state.step()), ramp(size, state.step() + 0.5f), ramp(size, -1), state);
  }

  private static float[] ramp(int size, float first) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = first + i / 8f;
    }
    return values;
  }
}
