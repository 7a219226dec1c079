package org.kindling.model.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.kindling.model.Activation;
import org.kindling.model.InitialWeights;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.benchmark.LlamaPeer.Continuation;
import org.kindling.model.decoding.Decoder;
import org.kindling.model.decoding.Generation;
import org.kindling.model.decoding.Request;
import org.kindling.model.decoding.TokenSink;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.sampling.SamplingSettings;

/**
 * One sequence continued greedily by us and by llama.cpp, in turn: the same model of the lecture's
 * size in nanoGPT's variant, 32-bit floats, one thread each. The continuations are compared, then
 * medians of the rates.
 */
public final class LlamaComparison {
  private static final int ROUNDS = 9;
  private static final ModelSettings MODEL =
      new ModelSettings(
          ModelType.GPT, 6, 6, 384, 256, 65, 0, true, true, true, Activation.GELU_TANH);

  private LlamaComparison() {}

  /**
   * @param arguments scripts/llama.mjs, and the folder in which node-llama-cpp is installed
   */
  public static void main(String[] arguments) throws IOException {
    Path script = Path.of(arguments[0]);
    Path library = Path.of(arguments[1]);
    float[] weights = weights();
    Path file = Files.createTempFile("kindling", ".gguf");
    try {
      GgufFile.write(file, MODEL, weights);
      for (String cached : List.of("F32", "F16")) {
        try (LlamaPeer peer = new LlamaPeer(script, library, file, MODEL.context(), cached);
            Decoder decoder = Decoder.of(MODEL, weights, 1, KernelChoice.ONEDNN)) {
          System.out.println("llama.cpp keeps keys and values as " + cached);
          compare(decoder, peer);
        }
      }
    } finally {
      Files.delete(file);
    }
  }

  /** Larger than at a training's start, so that what comes next depends on all tokens before. */
  private static float[] weights() {
    float[] weights = InitialWeights.draw(ParameterLayout.of(MODEL), 1);
    Random random = new Random(2);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += (float) (0.05 * random.nextGaussian());
    }
    return weights;
  }

  private static void compare(Decoder decoder, LlamaPeer peer) throws IOException {
    int count = MODEL.context() - 1;
    double[] ours = new double[ROUNDS];
    double[] theirs = new double[ROUNDS];
    int alike = 0;
    for (int round = -2; round < ROUNDS; round++) { // the first two warm up
      int[] prompt = {round + 2};
      Continuation our = greedy(decoder, prompt, count);
      Continuation their = peer.greedy(prompt, count);
      int same = Arrays.mismatch(our.tokens(), their.tokens());
      alike += same < 0 ? count : same;
      if (round >= 0) {
        ours[round] = count / our.seconds();
        theirs[round] = count / their.seconds();
      }
    }
    double our = Median.of(ours);
    double their = Median.of(theirs);
    System.out.printf(
        "  one sequence, %d tokens: ours %.0f tokens/s, llama.cpp %.0f, ratio %.2f%n",
        count, our, their, our / their);
    System.out.printf(
        "  %d of %d tokens before a continuation's first that differs%n",
        alike, count * (ROUNDS + 2));
  }

  private static Continuation greedy(Decoder decoder, int[] prompt, int count) {
    int[] tokens = new int[count];
    TokenSink sink =
        new TokenSink() {
          private int taken;

          @Override
          public boolean take(int token) {
            tokens[taken++] = token;
            return true;
          }
        };
    Iterator<Request> one =
        List.of(new Request(prompt, count, SamplingSettings.GREEDY, sink)).iterator();
    long start = System.nanoTime();
    Generation generation = new Generation(decoder, one);
    while (generation.step()) {}
    return new Continuation(tokens, 1e-9 * (System.nanoTime() - start));
  }
}
