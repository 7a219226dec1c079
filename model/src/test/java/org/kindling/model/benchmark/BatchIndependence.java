package org.kindling.model.benchmark;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.kindling.model.Activation;
import org.kindling.model.CounterHash;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.decoding.Decoder;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.sampling.Sampler;
import org.kindling.model.sampling.SamplingSettings;

/**
 * Thousands of random prompts continued one by one, 32 at a time, and 32 at a time in another
 * order: how many come out otherwise, in an id or in a bit of a logit. {@code SameBitsTest} is the
 * short form.
 */
public final class BatchIndependence {
  private static final int SLOTS = 32;

  private BatchIndependence() {}

  /** All ids of a row, and a hash of all logits' bits. */
  private record Row(int[] ids, long bits) {}

  /**
   * @param arguments how many rows, 10000 without
   */
  public static void main(String[] arguments) {
    int rows = arguments.length == 0 ? 10_000 : Integer.parseInt(arguments[0]);
    compare("nanogpt-cpu", new int[] {4, 4, 128, 64}, rows, 70, 8);
    compare("lecture", new int[] {6, 6, 384, 256}, rows, 24, 3);
  }

  private static void compare(String name, int[] shape, int count, int longest, int most) {
    ModelSettings settings =
        LectureVariant.of(shape[0], shape[1], shape[2], shape[3], 0, Activation.GELU_TANH);
    float[] weights = InitialWeights.draw(ParameterLayout.of(settings), 1);
    Random random = new Random(2);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += (float) (0.05 * random.nextGaussian());
    }
    List<Integer> inOrder = IntStream.range(0, count).boxed().collect(Collectors.toList());
    List<Integer> shuffled = IntStream.range(0, count).boxed().collect(Collectors.toList());
    Collections.shuffle(shuffled, random);
    System.out.printf(
        "%s: %,d rows, prompts of 1 to %d tokens, 1 to %d tokens more%n",
        name, count, longest, most);
    Row[] alone = new Row[count];
    Row[] together = new Row[count];
    try (Decoder one = Decoder.of(settings, weights, 1, KernelChoice.ONEDNN);
        Decoder many = Decoder.of(settings, weights, SLOTS, KernelChoice.ONEDNN)) {
      run(one, inOrder, longest, most, alone);
      run(many, inOrder, longest, most, together);
      print("32 at a time", alone, together);
      run(many, shuffled, longest, most, together);
      print("32 at a time, shuffled", alone, together);
    }
  }

  /** Computes rows in that order; a row that ends leaves its slot to the next. */
  private static void run(Decoder decoder, List<Integer> order, int longest, int most, Row[] into) {
    Sequence[] slots = new Sequence[decoder.slots()];
    int[] chosen = new int[slots.length];
    float[] logits = new float[slots.length * LectureVariant.VOCABULARY];
    int begun = 0;
    while (true) {
      int count = 0;
      for (int slot = 0; slot < slots.length; slot++) {
        if (slots[slot] == null && begun < order.size()) {
          slots[slot] = new Sequence(order.get(begun++), longest, most);
          decoder.begin(slot, slots[slot].prompt);
        }
        if (slots[slot] != null) {
          chosen[count++] = slot;
        }
      }
      if (count == 0) {
        return;
      }
      decoder.logits(chosen, count, logits);
      for (int i = 0; i < count; i++) {
        Sequence sequence = slots[chosen[i]];
        int id =
            sequence.next(
                Arrays.copyOfRange(
                    logits, i * LectureVariant.VOCABULARY, (i + 1) * LectureVariant.VOCABULARY));
        if (sequence.taken < sequence.ids.length) {
          decoder.append(chosen[i], id);
        } else {
          into[sequence.number] = new Row(sequence.ids, sequence.bits);
          slots[chosen[i]] = null;
        }
      }
    }
  }

  /** A row on its way: prompt, number of tokens and draws follow from its number. */
  private static final class Sequence {
    final int number;
    final int[] prompt;
    final int[] ids;
    final Sampler sampler;
    long bits;
    int taken;

    Sequence(int number, int longest, int most) {
      Random random = new Random(number);
      this.number = number;
      this.prompt =
          random.ints(1 + random.nextInt(longest), 0, LectureVariant.VOCABULARY).toArray();
      this.ids = new int[1 + random.nextInt(most)];
      this.sampler = new Sampler(SamplingSettings.at(0.8, number), prompt);
    }

    int next(float[] logits) {
      for (float logit : logits) {
        bits = CounterHash.of(bits, Float.floatToRawIntBits(logit));
      }
      ids[taken] = sampler.sample(logits);
      return ids[taken++];
    }
  }

  private static void print(String how, Row[] alone, Row[] together) {
    int ids = 0;
    int bits = 0;
    for (int i = 0; i < alone.length; i++) {
      ids += Arrays.equals(alone[i].ids, together[i].ids) ? 0 : 1;
      bits += alone[i].bits == together[i].bits ? 0 : 1;
    }
    System.out.printf("  %s: %d differ in an id, %d in a logit's bits%n", how, ids, bits);
  }
}
