package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.Parameters;
import org.kindling.model.Replica;
import org.kindling.model.decoding.Decoder;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.spark.settings.Preset;
import org.kindling.spark.settings.SettingsReader;

/** Every model of the lecture, decoded, against whole forward passes. */
class LectureDecodingTest {
  private static final int V = 65;
  private static final int TOKENS = 12; // more than T in the small models

  static Stream<String> rungs() {
    return LectureRung.ALL.stream().map(LectureRung::config);
  }

  @ParameterizedTest
  @MethodSource("rungs")
  void logitsAreThoseOfAForwardPass(String config) {
    ModelSettings model =
        SettingsReader.read(Optional.of(Preset.find(config)), List.of()).model().withVocabulary(V);
    float[] weights = InitialWeights.draw(ParameterLayout.of(model), 1);
    int[] tokens = new Random(2).ints(TOKENS, 0, V).toArray();
    float[] decoded = new float[V];
    float[] expected = new float[V];
    try (Decoder decoder = Decoder.of(model, weights, 1, KernelChoice.AUTO)) {
      decoder.begin(0, Arrays.copyOf(tokens, 3));
      for (int length = 3; length <= TOKENS; length++) {
        decoder.logits(new int[] {0}, 1, decoded);
        forward(model, weights, Arrays.copyOf(tokens, length), expected);
        assertThat(error(decoded, expected)).as("behind %d tokens", length).isLessThan(1e-5);
        if (length < TOKENS) {
          decoder.append(0, tokens[length]);
        }
      }
    }
  }

  private static void forward(ModelSettings model, float[] weights, int[] tokens, float[] into) {
    int length = Math.min(tokens.length, model.context());
    int[] last = Arrays.copyOfRange(tokens, tokens.length - length, tokens.length);
    var kernels = KernelChooser.make(KernelChoice.AUTO);
    Parameters parameters = new Parameters(ParameterLayout.of(model), kernels.type());
    try (Replica replica = new Replica(model, parameters, 1, length, kernels)) {
      replica.load(weights);
      replica.logits(last, length - 1, into);
    }
  }

  /** The difference's length over the reference's. */
  private static double error(float[] ours, float[] reference) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < V; i++) {
      difference += Math.pow((double) ours[i] - reference[i], 2);
      norm += Math.pow(reference[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
