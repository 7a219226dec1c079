package org.kindling.model.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.kernels.KernelChoice;

/** A sequence's logits, bit by bit, whatever is computed beside it and before it in its slot. */
class SameBitsTest {
  private static final int V = Models.V;

  /** A prompt, the tokens that follow one by one, and the logits behind each, once known. */
  private static final class Text {
    final int[] tokens;
    final int prompted;
    final List<float[]> logits = new ArrayList<>();
    int given;

    Text(int prompted, int more, long seed) {
      this.tokens = Models.tokens(prompted + more, seed);
      this.prompted = prompted;
    }

    void begin(Decoder decoder, int slot) {
      decoder.begin(slot, Arrays.copyOf(tokens, prompted));
      given = prompted;
    }

    /** Gives the next token, or says that there is none. */
    boolean next(Decoder decoder, int slot) {
      if (given == tokens.length) {
        return false;
      }
      decoder.append(slot, tokens[given++]);
      return true;
    }

    void alone(ModelSettings settings, float[] weights, KernelChoice kernels) {
      float[] row = new float[V];
      try (Decoder decoder = Decoder.of(settings, weights, 1, kernels)) {
        begin(decoder, 0);
        do {
          decoder.logits(new int[] {0}, 1, row);
          logits.add(row.clone());
        } while (next(decoder, 0));
      }
    }

    void compare(float[] batch, int row) {
      assertThat(Arrays.copyOfRange(batch, row * V, (row + 1) * V))
          .as("prompt of %d, behind %d tokens", prompted, given)
          .isEqualTo(logits.get(given - prompted));
    }
  }

  @ParameterizedTest(name = "{0}, embedding {2}, {3} slots")
  @CsvSource({
    "ONEDNN, 2, 32, 2, 1",
    "ONEDNN, 4, 64, 7, 2",
    "ONEDNN, 6, 384, 32, 3",
    "ONEDNN, 3, 33, 80, 4",
    "ND4J, 2, 32, 7, 5"
  })
  void anyArrangementGivesTheBitsOfEachSequenceAlone(
      KernelChoice kernels, int heads, int embedding, int slots, long seed) {
    assertSameBits(kernels, Models.gpt(2, heads, embedding, 70), slots, seed);
  }

  @ParameterizedTest(name = "feed-forward {0}, residual {1}, norms {2}, projections {3}")
  @CsvSource({
    "true, true, false, false",
    "true, false, true, false",
    "false, false, false, false",
    "false, true, true, true"
  })
  void soDoModelsWithoutSomeParts(
      boolean feedForward, boolean residual, boolean layerNorm, boolean projection) {
    ModelSettings settings =
        Models.parts(2, 32, feedForward, 1, projection, residual, layerNorm, projection);
    assertSameBits(KernelChoice.ONEDNN, settings, 7, 6);
  }

  private static void assertSameBits(
      KernelChoice kernels, ModelSettings settings, int slots, long seed) {
    float[] weights = Models.weights(settings);
    Random random = new Random(seed);
    List<Text> texts = new ArrayList<>();
    int[] prompts = {1, 2, 5, 30, 63, 64, 65, 69, 70, 90};
    for (int i = 0; i < prompts.length + slots; i++) {
      int prompted = i < prompts.length ? prompts[i] : 1 + random.nextInt(80);
      Text text = new Text(prompted, 1 + random.nextInt(6), 100 * seed + i);
      text.alone(settings, weights, kernels);
      texts.add(text);
    }
    Text[] inSlot = new Text[slots];
    float[] logits = new float[slots * V];
    int[] chosen = new int[slots];
    int begun = 0;
    int ended = 0;
    try (Decoder decoder = Decoder.of(settings, weights, slots, kernels)) {
      while (ended < texts.size()) {
        int count = 0;
        for (int slot = 0; slot < slots; slot++) {
          boolean takesPart = random.nextInt(4) > 0;
          if (takesPart && inSlot[slot] != null) {
            if (inSlot[slot].next(decoder, slot)) {
              chosen[count++] = slot;
            } else {
              inSlot[slot] = null;
              ended++;
            }
          } else if (takesPart && begun < texts.size()) {
            inSlot[slot] = texts.get(begun++);
            inSlot[slot].begin(decoder, slot);
            chosen[count++] = slot;
          }
        }
        decoder.logits(chosen, count, logits);
        for (int i = 0; i < count; i++) {
          inSlot[chosen[i]].compare(logits, i);
        }
      }
    }
  }

  @Test
  void aSequenceBeyondTIsAPromptOfItsLastTokens() {
    ModelSettings settings = Models.gpt(2, 2, 32, 70);
    float[] weights = Models.weights(settings);
    int[] tokens = Models.tokens(75, 1);
    float[] slid = new float[V];
    float[] fresh = new float[V];
    int[] slot = {0};
    try (Decoder decoder = Decoder.of(settings, weights, 1, KernelChoice.ONEDNN);
        Decoder other = Decoder.of(settings, weights, 1, KernelChoice.ONEDNN)) {
      decoder.begin(0, Arrays.copyOf(tokens, 68));
      decoder.logits(slot, 1, slid);
      for (int i = 68; i < tokens.length; i++) {
        decoder.append(0, tokens[i]);
        decoder.logits(slot, 1, slid);
        if (i >= 70) {
          other.begin(0, Arrays.copyOfRange(tokens, i - 69, i + 1));
          other.logits(slot, 1, fresh);
          assertThat(slid).as("behind %d tokens", i + 1).isEqualTo(fresh);
        }
      }
    }
  }

  /** Numbers that are none stay with the sequence that made them. */
  @Test
  void whatIsNoNumberIsForgottenWithItsSequence() {
    ModelSettings settings = Models.gpt(2, 2, 32, 20);
    float[] weights = Models.weights(settings);
    weights[ParameterLayout.of(settings).get("wpe.weight").offset() + 6 * 32] = Float.NaN;
    float[] logits = new float[V];
    int[] slot = {0};
    Text text = new Text(3, 2, 5);
    text.alone(settings, weights, KernelChoice.ONEDNN);
    try (Decoder decoder = Decoder.of(settings, weights, 1, KernelChoice.ONEDNN)) {
      decoder.begin(0, Models.tokens(8, 1));
      decoder.logits(slot, 1, logits);
      assertThat(logits).containsOnly(Float.NaN);
      text.begin(decoder, 0);
      decoder.logits(slot, 1, logits);
      text.compare(logits, 0);
    }
  }
}
