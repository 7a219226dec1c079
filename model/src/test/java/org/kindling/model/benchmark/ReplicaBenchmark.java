package org.kindling.model.benchmark;

import java.util.Arrays;
import java.util.Random;
import org.kindling.model.Activation;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.Replica;
import org.kindling.model.kernels.Kernel;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.OneDnnKernels;
import org.kindling.model.kernels.Product;
import org.kindling.model.kernels.SingleThread;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One replica on one thread, which multiplies by all zeros, against the machine's own best: the
 * highest rate that oneDNN reaches in a large product, the rate of the replica's products among
 * themselves, and that of its whole pass.
 *
 * <p>The rounds alternate, since a shared machine's speed drifts; medians are compared.
 */
public final class ReplicaBenchmark {
  private static final int ROUNDS = 7;

  private ReplicaBenchmark() {}

  public static void main(String[] arguments) {
    SingleThread.enforce();
    measure("nanogpt-cpu, 6 sequences", 4, 4, 128, 64, 6, 0, Activation.GELU, 60);
    measure("lecture, 8 sequences, dropout 0.2", 6, 6, 384, 256, 8, 0.2, Activation.RELU, 2);
  }

  private static void measure(
      String name,
      int layers,
      int heads,
      int embedding,
      int context,
      int sequences,
      double dropout,
      Activation activation,
      int passes) {
    ModelSettings settings =
        LectureVariant.of(layers, heads, embedding, context, dropout, activation);
    CountedProducts counted = new CountedProducts(new OneDnnKernels());
    try (Replica replica = new Replica(settings, sequences, counted);
        Kernels kernels = new OneDnnKernels()) {
      replica.load(InitialWeights.draw(replica.parameters().layout(), 1));
      Random random = new Random(1);
      int[] inputs =
          random.ints((long) sequences * context, 0, LectureVariant.VOCABULARY).toArray();
      int[] targets =
          random.ints((long) sequences * context, 0, LectureVariant.VOCABULARY).toArray();
      long[] keys = random.longs(sequences).toArray();
      Kernel[] peaks = peaks(kernels);
      double[] best = new double[ROUNDS];
      double[] products = new double[ROUNDS];
      double[] whole = new double[ROUNDS];
      double[] millis = new double[ROUNDS];
      for (int round = -1; round < ROUNDS; round++) { // the first round warms up
        int at = Math.max(round, 0);
        best[at] = bestRate(peaks);
        counted.reset();
        long start = System.nanoTime();
        for (int i = 0; i < passes; i++) {
          replica.clearGradients();
          replica.accumulate(inputs, targets, keys);
        }
        long time = System.nanoTime() - start;
        products[at] = counted.operations() / counted.nanos();
        whole[at] = counted.operations() / time;
        millis[at] = time / 1e6 / passes;
      }
      double peak = Median.of(best);
      System.out.printf(
          "%s: %.2f ms a pass, %.0f tokens/s%n",
          name, Median.of(millis), sequences * context / Median.of(millis) * 1e3);
      System.out.printf("  best product rate of oneDNN here  %4.0f GFLOP/s%n", peak);
      System.out.printf(
          "  the replica's products            %4.0f GFLOP/s, %.0f%% of it%n",
          Median.of(products), 100 * Median.of(products) / peak);
      System.out.printf(
          "  its whole pass                    %4.0f GFLOP/s, %.0f%% of it%n",
          Median.of(whole), 100 * Median.of(whole) / peak);
    }
  }

  private static final int[][] PEAK_SHAPES = {
    {768, 512, 128}, {768, 128, 512}, {1024, 1024, 1024}, {2048, 384, 384}, {2048, 384, 1536}
  };

  /** Products of shapes that oneDNN is fast with, (M, K, N). */
  private static Kernel[] peaks(Kernels kernels) {
    return Arrays.stream(PEAK_SHAPES)
        .map(
            s ->
                kernels.product(
                    Product.of(
                        Nd4j.rand(DataType.FLOAT, s[0], s[1]),
                        Nd4j.rand(DataType.FLOAT, s[1], s[2]),
                        Nd4j.create(DataType.FLOAT, s[0], s[2]))))
        .toArray(Kernel[]::new);
  }

  /** The highest rate of all shapes, GFLOP/s. */
  private static double bestRate(Kernel[] peaks) {
    double best = 0;
    for (int i = 0; i < peaks.length; i++) {
      double work = 2.0 * PEAK_SHAPES[i][0] * PEAK_SHAPES[i][1] * PEAK_SHAPES[i][2];
      int repeats = (int) Math.max(1, 4e9 / work);
      long start = System.nanoTime();
      for (int r = 0; r < repeats; r++) {
        peaks[i].run();
      }
      best = Math.max(best, work * repeats / (System.nanoTime() - start));
    }
    return best;
  }
}
