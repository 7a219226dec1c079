package org.kindling.model.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.kindling.model.Activation;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.Parameters;
import org.kindling.model.Replica;
import org.kindling.model.decoding.Decoder;
import org.kindling.model.decoding.Generation;
import org.kindling.model.decoding.Request;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.OneDnnKernels;
import org.kindling.model.kernels.SingleThread;
import org.kindling.model.sampling.Sampler;
import org.kindling.model.sampling.SamplingSettings;

/**
 * Decoding on one thread: one sequence with and without a cache, batches, sequences that have
 * outgrown the context, and the rate at which this core reads as much memory as the weights take.
 *
 * <p>Rounds alternate between all of them, since a shared machine's speed drifts; medians are
 * compared.
 */
public final class DecodingBenchmark {
  private static final int ROUNDS = 3;
  private static final int[] BATCHES = {1, 4, 32};

  private DecodingBenchmark() {}

  public static void main(String[] arguments) {
    SingleThread.enforce();
    measure("lecture", 6, 6, 384, 256, Activation.RELU);
    measure("nanogpt-cpu", 4, 4, 128, 64, Activation.GELU);
  }

  private static void measure(
      String name, int layers, int heads, int embedding, int context, Activation activation) {
    ModelSettings settings = LectureVariant.of(layers, heads, embedding, context, 0, activation);
    float[] weights = InitialWeights.draw(ParameterLayout.of(settings), 1);
    int[] memory = new Random(1).ints(weights.length).toArray();
    System.out.printf(
        "%s: %d layers, %d heads, embedding %d, context %d, %,d weights, %,d bytes with 32 slots%n",
        name, layers, heads, embedding, context, weights.length, Decoder.bytes(settings, 32));
    double[][] rates = new double[BATCHES.length][ROUNDS];
    double[] without = new double[ROUNDS];
    double[] slid = new double[ROUNDS];
    double[] slidTogether = new double[ROUNDS];
    double[] read = new double[ROUNDS];
    List<Decoder> decoders = new ArrayList<>();
    for (int batch : BATCHES) {
      decoders.add(Decoder.of(settings, weights, batch, KernelChoice.ONEDNN));
    }
    for (int round = -1; round < ROUNDS; round++) { // the first round warms up
      int at = Math.max(round, 0);
      read[at] = reading(memory);
      without[at] = withoutCache(settings, weights, context - 1);
      for (int b = 0; b < BATCHES.length; b++) {
        rates[b][at] = rate(decoders.get(b), 1, context - 1);
      }
      slid[at] = rate(decoders.get(0), context, 10);
      slidTogether[at] = rate(decoders.get(2), context, 1);
    }
    decoders.forEach(Decoder::close);
    double one = Median.of(rates[0]);
    System.out.printf("  memory read by this core              %8.1f GB/s%n", Median.of(read));
    System.out.printf(
        "  one sequence, %d tokens, no cache     %8.0f tokens/s%n",
        context - 1, Median.of(without));
    for (int b = 0; b < BATCHES.length; b++) {
      double rate = Median.of(rates[b]);
      System.out.printf(
          "  %2d sequences, cache                   %8.0f tokens/s, %.1f times one, %.1f GB/s of weights%n",
          BATCHES[b], rate, rate / one, 4e-9 * weights.length * rate / BATCHES[b]);
    }
    System.out.printf(
        "  cache against none                    %8.1f times%n", one / Median.of(without));
    System.out.printf("  beyond the context, one sequence      %8.0f tokens/s%n", Median.of(slid));
    System.out.printf(
        "  beyond the context, 32 sequences      %8.0f tokens/s%n", Median.of(slidTogether));
  }

  /** Tokens a second, all slots at work from start to end. */
  private static double rate(Decoder decoder, int prompted, int count) {
    List<Request> requests =
        IntStream.range(0, decoder.slots())
            .mapToObj(
                i ->
                    new Request(
                        new Random(i).ints(prompted, 0, LectureVariant.VOCABULARY).toArray(),
                        count,
                        SamplingSettings.at(0.8, i),
                        token -> true))
            .toList();
    long start = System.nanoTime();
    Generation generation = new Generation(decoder, requests.iterator());
    while (generation.step()) {}
    return 1e9 * decoder.slots() * count / (System.nanoTime() - start);
  }

  /** The same tokens, each from the whole sequence anew, by replicas of 16, 32, ... T tokens. */
  private static double withoutCache(ModelSettings settings, float[] weights, int count) {
    Parameters parameters;
    List<Replica> replicas = new ArrayList<>();
    Kernels first = new OneDnnKernels();
    parameters = new Parameters(ParameterLayout.of(settings), first.type());
    replicas.add(new Replica(settings, parameters, 1, 16, first));
    replicas.get(0).load(weights);
    for (int length = 32; length <= settings.context(); length *= 2) {
      replicas.add(new Replica(settings, parameters, 1, length, new OneDnnKernels()));
    }
    Sampler sampler = new Sampler(SamplingSettings.at(0.8, 0));
    int[] tokens = new int[settings.context()];
    tokens[0] = new Random(0).nextInt(LectureVariant.VOCABULARY);
    float[] logits = new float[LectureVariant.VOCABULARY];
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      int filled = i + 1;
      Replica replica = replicas.stream().filter(r -> r.length() >= filled).findFirst().get();
      replica.logits(Arrays.copyOf(tokens, replica.length()), i, logits);
      tokens[Math.min(i + 1, tokens.length - 1)] = sampler.sample(logits);
    }
    double rate = 1e9 * count / (System.nanoTime() - start);
    replicas.forEach(Replica::close);
    return rate;
  }

  private static volatile int sink;

  /** GB/s of a loop that adds up numbers, the best of ten. */
  private static double reading(int[] memory) {
    double best = 0;
    for (int i = 0; i < 10; i++) {
      long start = System.nanoTime();
      int sum = 0;
      for (int value : memory) {
        sum += value;
      }
      sink = sum;
      best = Math.max(best, 4.0 * memory.length / (System.nanoTime() - start));
    }
    return best;
  }
}
