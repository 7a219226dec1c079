package org.kindling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.KernelChooser;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.OneDnnKernels;
import org.kindling.model.optimizer.AdamW;
import org.kindling.model.optimizer.AdamWSettings;

/**
 * What a replica promises beyond right numbers: the same bits every time, whoever runs it and
 * whatever it runs beside.
 */
class ReplicaTest {
  private static final long SEED = 20_260_101;
  private static final int V = 65;

  private static ModelSettings gpt(
      int t, double dropout, boolean bias, boolean tied, Activation a) {
    return new ModelSettings(ModelType.GPT, 2, 4, 32, t, V, dropout, bias, bias, tied, a);
  }

  private static ModelSettings gpt(int context, double dropout) {
    return gpt(context, dropout, true, true, Activation.GELU_TANH);
  }

  static List<ModelSettings> variants() {
    return List.of(
        gpt(16, 0, false, true, Activation.GELU),
        gpt(16, 0.2, true, false, Activation.RELU),
        gpt(16, 0.1, true, true, Activation.GELU_TANH),
        new ModelSettings(
            ModelType.BIGRAM, 0, 0, 0, 16, V, 0, false, false, false, Activation.RELU));
  }

  private static int[] ids(int count, long seed) {
    return new Random(seed).ints(count, 0, V).toArray();
  }

  private static Replica replica(ModelSettings settings, int sequences, KernelChoice choice) {
    Replica replica = new Replica(settings, sequences, KernelChooser.make(choice));
    replica.load(InitialWeights.draw(ParameterLayout.of(settings), SEED));
    return replica;
  }

  private static float[] gradients(Replica replica) {
    float[] gradients = new float[replica.parameters().layout().size()];
    replica.gradients(gradients);
    return gradients;
  }

  /** Gradients of one batch of random ids under dropout keys 0, 1, ... */
  private static float[] oneStep(Replica replica, long seed) {
    int tokens = replica.sequences() * replica.length();
    long[] keys = new long[replica.sequences()];
    Arrays.setAll(keys, b -> CounterHash.of(seed, b));
    replica.clearGradients();
    replica.accumulate(ids(tokens, seed), ids(tokens, seed + 1), keys);
    return gradients(replica);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void weightsMayComeInParts(ModelSettings settings) {
    float[] weights = InitialWeights.draw(ParameterLayout.of(settings), 3);
    for (KernelChoice choice : List.of(KernelChoice.ONEDNN, KernelChoice.ND4J)) {
      try (Replica whole = replica(settings, 2, choice);
          Replica parts = replica(settings, 2, choice)) {
        whole.load(weights);
        int cut = weights.length / 3;
        float[] rest = Arrays.copyOfRange(weights, cut, weights.length);
        parts.load(rest, rest.length, cut);
        parts.load(weights, cut, 0);

        assertThat(oneStep(parts, 4)).containsExactly(oneStep(whole, 4));
        assertThatThrownBy(() -> parts.load(weights, weights.length, 1))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> parts.load(rest, rest.length + 1, 0))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void anUntrainedModelKnowsNothing(ModelSettings settings) {
    for (KernelChoice choice : List.of(KernelChoice.ONEDNN, KernelChoice.ND4J)) {
      try (Replica replica = replica(settings, 8, choice)) {
        double loss = replica.accumulate(ids(128, 1), ids(128, 2), new long[8]) / 128;

        assertThat(loss).as("%s", choice).isCloseTo(Math.log(V), within(0.02 * Math.log(V)));
      }
    }
  }

  @Test
  void oneBatchCanBeLearntByHeart() {
    ModelSettings settings = gpt(16, 0);
    ParameterLayout layout = ParameterLayout.of(settings);
    float[] weights = InitialWeights.draw(layout, SEED);
    float[] gradients = new float[layout.size()];
    AdamW optimizer =
        new AdamW(
            layout,
            new AdamWSettings(0.9, 0.99, 1e-8, 0),
            new float[layout.size()],
            new float[layout.size()]);
    int[] inputs = ids(64, 3);
    int[] targets = ids(64, 4);
    double loss = Double.NaN;
    try (Replica replica = new Replica(settings, 4, KernelChooser.make(KernelChoice.ONEDNN))) {
      for (int step = 1; step <= 300; step++) {
        replica.load(weights);
        replica.clearGradients();
        loss = replica.accumulate(inputs, targets, new long[4]) / 64;
        replica.gradients(gradients);
        optimizer.step(weights, gradients, 1 / 64.0, 3e-3, step);
      }
    }

    assertThat(loss).isLessThan(0.05);
  }

  @ParameterizedTest
  @EnumSource(names = {"ONEDNN", "ND4J"})
  void againAndElsewhereAndInACrowdTheBitsAreTheSame(KernelChoice choice) throws Exception {
    ModelSettings settings = gpt(70, 0.2);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Replica replica = replica(settings, 3, choice)) {
      float[] first = oneStep(replica, 5);
      oneStep(replica, 6);

      assertThat(oneStep(replica, 5)).as("again").isEqualTo(first);
      assertThat(threads.submit(() -> oneStep(replica, 5)).get())
          .as("on another thread")
          .isEqualTo(first);

      List<Future<float[]>> crowd = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        crowd.add(threads.submit(() -> afterSomeSteps(settings, choice)));
      }
      for (Future<float[]> one : crowd) {
        assertThat(one.get()).as("another replica, beside three more").isEqualTo(first);
      }
    } finally {
      threads.shutdown();
    }
  }

  private static float[] afterSomeSteps(ModelSettings settings, KernelChoice choice) {
    try (Replica replica = replica(settings, 3, choice)) {
      for (int i = 0; i < 5; i++) {
        oneStep(replica, 100 + i);
      }
      return oneStep(replica, 5);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ONEDNN", "ND4J"})
  void microBatchesAddUpToTheirBatch(KernelChoice choice) {
    ModelSettings settings = gpt(16, 0.2);
    int[] inputs = ids(64, 1);
    int[] targets = ids(64, 2);
    long[] keys = {1, 2, 3, 4};
    try (Replica whole = replica(settings, 4, choice);
        Replica half = replica(settings, 2, choice)) {
      whole.clearGradients();
      double loss = whole.accumulate(inputs, targets, keys);

      half.clearGradients();
      double first =
          half.accumulate(Arrays.copyOf(inputs, 32), Arrays.copyOf(targets, 32), new long[] {1, 2});
      double second =
          half.accumulate(
              Arrays.copyOfRange(inputs, 32, 64),
              Arrays.copyOfRange(targets, 32, 64),
              new long[] {3, 4});

      assertThat(first + second).isCloseTo(loss, within(1e-4));
      assertThat(relativeError(gradients(half), gradients(whole))).isLessThan(1e-5);
    }
  }

  /**
   * With dropout: a sequence's masks follow from its key, not from its place or its neighbours. T C
   * is odd here.
   */
  @Test
  void theOrderOfSequencesDoesNotMatter() {
    ModelSettings settings =
        new ModelSettings(ModelType.GPT, 1, 3, 9, 5, V, 0.3, true, true, true, Activation.GELU);
    int[] a = ids(5, 1);
    int[] b = ids(5, 2);
    try (Replica replica = replica(settings, 2, KernelChoice.ONEDNN)) {
      replica.clearGradients();
      replica.accumulate(joined(a, b), joined(b, a), new long[] {7, 8});
      float[] inOrder = gradients(replica);
      replica.clearGradients();
      replica.accumulate(joined(b, a), joined(a, b), new long[] {8, 7});

      assertThat(relativeError(gradients(replica), inOrder)).isLessThan(1e-5);
    }
  }

  private static int[] joined(int[] a, int[] b) {
    int[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  @Test
  void gradientsAreTheSameWithoutProductsWithZeros() {
    ModelSettings relu =
        new ModelSettings(ModelType.GPT, 2, 2, 96, 8, 65, 0.2, true, true, true, Activation.RELU);
    try (Replica dense = replica(relu, 2, KernelChoice.ONEDNN);
        Replica skipping = new Replica(relu, 2, new OneDnnKernels(Double.MAX_VALUE))) {
      skipping.load(InitialWeights.draw(ParameterLayout.of(relu), SEED));
      float[] expected = oneStep(dense, 3);
      assertThat(relativeError(oneStep(skipping, 3), expected)).isLessThan(1e-6);
    }
  }

  @Test
  void bothKernelsDropTheSameValues() {
    ModelSettings settings = gpt(66, 0.4);
    try (Replica oneDnn = replica(settings, 2, KernelChoice.ONEDNN);
        Replica nd4j = replica(settings, 2, KernelChoice.ND4J)) {
      assertThat(relativeError(oneStep(oneDnn, 3), oneStep(nd4j, 3))).isLessThan(1e-5);
    }
  }

  @Test
  void anotherDropoutKeyGivesAnotherGradient() {
    try (Replica replica = replica(gpt(16, 0.2), 1, KernelChoice.ONEDNN)) {
      replica.clearGradients();
      replica.accumulate(ids(16, 1), ids(16, 2), new long[] {1});
      float[] one = gradients(replica);
      replica.clearGradients();
      replica.accumulate(ids(16, 1), ids(16, 2), new long[] {2});

      assertThat(relativeError(gradients(replica), one)).isGreaterThan(0.01);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ONEDNN", "ND4J"})
  void laterTokensDoNotReachEarlierLogits(KernelChoice choice) {
    int length = 70;
    int[] tokens = ids(2 * length, 1);
    int[] changed = tokens.clone();
    for (int t = 40; t < length; t++) {
      changed[t] = (changed[t] + 1) % V;
      changed[length + t] = 0;
    }
    try (Replica replica = replica(gpt(length, 0.2), 2, choice)) {
      for (int position : new int[] {0, 1, 38, 39}) {
        assertThat(logits(replica, changed, position)).isEqualTo(logits(replica, tokens, position));
      }
      assertThat(logits(replica, changed, 40)).isNotEqualTo(logits(replica, tokens, 40));
    }
  }

  private static float[] logits(Replica replica, int[] tokens, int position) {
    float[] logits = new float[replica.sequences() * V];
    replica.logits(tokens, position, logits);
    return logits;
  }

  @Test
  void lossesOfSequencesCountTheirTargetsOnly() {
    int[] inputs = ids(48, 1);
    int[] targets = ids(48, 2);
    Arrays.fill(targets, 20, 48, Kernels.NO_TARGET);
    double[] sums = new double[3];
    try (Replica replica = replica(gpt(16, 0.2), 3, KernelChoice.ONEDNN)) {
      replica.losses(inputs, targets, sums);
      double again = sums[0];
      replica.losses(inputs, targets, sums);

      assertThat(sums[0]).isEqualTo(again).isCloseTo(16 * Math.log(V), within(2.0));
      assertThat(sums[1]).isCloseTo(4 * Math.log(V), within(0.5));
      assertThat(sums[2]).isZero();
    }
  }

  /** ||ours - reference|| / ||reference||. */
  private static double relativeError(float[] ours, float[] reference) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < ours.length; i++) {
      difference += Math.pow((double) ours[i] - reference[i], 2);
      norm += Math.pow(reference[i], 2);
    }
    return Math.sqrt(difference / norm);
  }
}
