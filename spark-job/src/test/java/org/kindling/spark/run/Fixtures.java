package org.kindling.spark.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

  /** More checkpoints than any test has. */
  static final int KEEP_ALL = 100;

  private Fixtures() {}

  /** A file of a run's checkpoint. */
  static Path file(Path run, int step, String name) {
    return run.resolve("checkpoints").resolve(CheckpointName.of(step)).resolve(name);
  }

  /** All files below a directory, relative to it. */
  static List<String> filesBelow(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  static RunDirectory run(Path directory) {
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
