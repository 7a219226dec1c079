package org.kindling.model.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.sampling.SamplingSettings;

class GenerationTest {
  private static final SamplingSettings SAMPLING = new SamplingSettings(0.9, 8, 0.95, 0.01, 1.1, 0);

  /** Collects a request's tokens and ends it at a token. */
  private static final class Collector implements TokenSink {
    final List<Integer> tokens = new ArrayList<>();
    final int last;
    int ends;

    Collector(int last) {
      this.last = last;
    }

    @Override
    public boolean take(int token) {
      assertThat(ends).isZero();
      tokens.add(token);
      return token != last;
    }

    @Override
    public void end() {
      ends++;
    }
  }

  private static List<Collector> run(ModelSettings settings, int requests, int slots) {
    List<Collector> collectors = new ArrayList<>();
    Iterator<Request> source =
        IntStream.range(0, requests)
            .mapToObj(
                i -> {
                  collectors.add(new Collector(4));
                  return new Request(
                      Models.tokens(1 + 7 * i % 30, i),
                      i * 5 % 40,
                      SAMPLING.withSeed(i),
                      collectors.get(i));
                })
            .iterator();
    try (Decoder decoder =
        Decoder.of(settings, Models.weights(settings), slots, KernelChoice.AUTO)) {
      Generation generation = new Generation(decoder, source);
      while (generation.step()) {}
      assertThat(generation.step()).isFalse();
    }
    return collectors;
  }

  @Test
  void everyRequestHasItsTokensWhateverTheNumberOfSlots() {
    ModelSettings settings = Models.gpt(2, 2, 32, 35);
    List<Collector> alone = run(settings, 40, 1);
    for (int i = 0; i < alone.size(); i++) {
      Collector collector = alone.get(i);
      assertThat(collector.ends).isEqualTo(1);
      if (collector.tokens.contains(4)) {
        assertThat(collector.tokens.indexOf(4)).isEqualTo(collector.tokens.size() - 1);
      } else {
        assertThat(collector.tokens).hasSize(i * 5 % 40);
      }
    }
    assertThat(alone).anyMatch(collector -> collector.tokens.contains(4));
    for (int slots : new int[] {2, 5, 64}) {
      List<Collector> together = run(settings, 40, slots);
      for (int i = 0; i < alone.size(); i++) {
        assertThat(together.get(i).tokens)
            .as("request %d of %d slots", i, slots)
            .isEqualTo(alone.get(i).tokens);
      }
    }
  }

  @Test
  void requestsAreTakenAsSlotsBecomeFree() {
    ModelSettings settings = bigram();
    List<Integer> taken = new ArrayList<>();
    Iterator<Request> source =
        IntStream.range(0, 6)
            .mapToObj(
                i -> {
                  taken.add(i);
                  return new Request(
                      new int[] {i}, i == 0 ? 4 : 1, SamplingSettings.GREEDY, token -> true);
                })
            .iterator();
    try (Decoder decoder = Decoder.of(settings, table(), 2, KernelChoice.AUTO)) {
      Generation generation = new Generation(decoder, source);
      List<Integer> afterEachStep = new ArrayList<>();
      while (generation.step()) {
        afterEachStep.add(taken.size());
      }
      assertThat(afterEachStep).containsExactly(2, 3, 4, 5, 6);
    }
  }

  @Test
  void aBigramFollowsItsTable() {
    Collector collector = new Collector(-1);
    Request request = new Request(new int[] {0}, 6, SamplingSettings.GREEDY, collector);
    try (Decoder decoder = Decoder.of(bigram(), table(), 3, KernelChoice.AUTO)) {
      Generation generation = new Generation(decoder, List.of(request).iterator());
      while (generation.step()) {}
    }
    assertThat(collector.tokens).containsExactly(3, 6, 9, 12, 15, 18);
  }

  private static ModelSettings bigram() {
    return new ModelSettings(
        ModelType.BIGRAM, 0, 0, 0, 4, Models.V, 0, false, false, false, Activation.RELU);
  }

  /** Behind each token comes the third after it. */
  private static float[] table() {
    float[] table = new float[Models.V * Models.V];
    for (int token = 0; token < Models.V; token++) {
      table[token * Models.V + (token + 3) % Models.V] = 10;
    }
    return table;
  }

  @Test
  void anEmptyPromptIsADefectOfTheCaller() {
    assertThatThrownBy(() -> new Request(new int[0], 1, SAMPLING, token -> true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the prompt has no tokens");
  }
}
