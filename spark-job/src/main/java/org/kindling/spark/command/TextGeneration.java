package org.kindling.spark.command;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
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
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder();
    try (Generator generator = new Generator(weights.state().model(), weights.values(), kernels)) {
      generate(
          generator,
          tokenizer,
          prompt,
          count,
          sampling,
          seed,
          piece -> {
            text.append(piece);
            out.print(piece);
            out.flush();
          });
    }
    out.println();
    out.flush();
    return text.toString();
  }

  /**
   * Continues a prompt; the prompt itself comes out first.
   *
   * @param out receives text piece by piece
   */
  static void generate(
      Generator generator,
      Tokenizer tokenizer,
      String prompt,
      int count,
      SamplingSettings sampling,
      long seed,
      Consumer<String> out) {
    int[] start = prompt.isEmpty() ? lineEnd(tokenizer) : tokenizer.encode(prompt);
    out.accept(prompt);
    TokenStream stream = tokenizer.decoder();
    generator.generate(
        start, count, new Sampler(sampling, seed), token -> out.accept(stream.next(token)));
    out.accept(stream.end());
  }

  /** A line end as the model knows it; the first id where it was trained on a text without any. */
  private static int[] lineEnd(Tokenizer tokenizer) {
    try {
      return tokenizer.encode("\n");
    } catch (TokenizerException e) {
      return new int[] {0};
    }
  }
}
