package org.kindling.spark.command;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.kindling.model.Generator;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.sampling.Sampler;
import org.kindling.model.sampling.SamplingSettings;
import org.kindling.spark.run.Weights;
import org.kindling.tokenizer.TokenStream;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.TokenizerException;

/** Prints text as it is generated, whole characters only. */
final class TextGeneration {
  private final Tokenizer tokenizer;
  private final Weights weights;
  private final KernelChoice kernels;

  TextGeneration(Tokenizer tokenizer, Weights weights, KernelChoice kernels) {
    this.tokenizer = tokenizer;
    this.weights = weights;
    this.kernels = kernels;
  }

  /**
   * Continues a prompt on standard output; without a prompt, from a line end, which is not printed.
   *
   * @param count tokens to add
   * @return what was printed
   */
  String print(String prompt, int count, SamplingSettings sampling, long seed) {
    int[] start = prompt.isEmpty() ? lineEnd() : tokenizer.encode(prompt);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder(prompt);
    out.print(prompt);
    TokenStream stream = tokenizer.decoder();
    try (Generator generator = new Generator(weights.state().model(), weights.values(), kernels)) {
      generator.generate(
          start, count, new Sampler(sampling, seed), token -> add(stream.next(token), text, out));
    }
    add(stream.end(), text, out);
    out.println();
    out.flush();
    return text.toString();
  }

  private static void add(String piece, StringBuilder text, PrintStream out) {
    text.append(piece);
    out.print(piece);
    out.flush();
  }

  /** A line end as the model knows it; the first id where it was trained on a text without any. */
  private int[] lineEnd() {
    try {
      return tokenizer.encode("\n");
    } catch (TokenizerException e) {
      return new int[] {0};
    }
  }
}
