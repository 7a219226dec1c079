package org.kindling.spark.command;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.kindling.model.ModelSettings;
import org.kindling.model.decoding.Decoder;
import org.kindling.model.decoding.Generation;
import org.kindling.model.decoding.Request;
import org.kindling.model.decoding.TokenSink;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.sampling.SamplingSettings;
import org.kindling.spark.generation.GenerationSettings;
import org.kindling.spark.generation.GrowingText;
import org.kindling.spark.run.Weights;
import org.kindling.tokenizer.TokenStream;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.TokenizerException;

/** Hands on text as it is generated, whole characters only. */
final class TextGeneration implements AutoCloseable {
  private final Tokenizer tokenizer;
  private final Decoder decoder;

  TextGeneration(Tokenizer tokenizer, Weights weights, KernelChoice kernels) {
    this(tokenizer, weights.state().model(), weights.values(), kernels);
  }

  /**
   * @param weights the flat vector of P weights, which is copied
   */
  TextGeneration(Tokenizer tokenizer, ModelSettings model, float[] weights, KernelChoice kernels) {
    this.tokenizer = tokenizer;
    this.decoder = Decoder.of(model, weights, 1, kernels);
  }

  /**
   * Continues a prompt on standard output, as far as one of its stop strings or the end of text;
   * without a prompt, from a line end, which is not printed.
   */
  void print(String prompt, GenerationSettings settings) {
    print(prompt, settings, true);
  }

  /**
   * Continues a prompt on standard output, beyond the end of a text into the next.
   *
   * @param count tokens to add
   * @return what was printed
   */
  String print(String prompt, int count, SamplingSettings sampling) {
    return print(prompt, new GenerationSettings(count, sampling, List.of()), false);
  }

  private String print(String prompt, GenerationSettings settings, boolean stops) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder();
    generate(
        prompt,
        settings,
        stops,
        piece -> {
          text.append(piece);
          out.print(piece);
          out.flush();
        });
    out.println();
    out.flush();
    return text.toString();
  }

  /**
   * Continues a prompt, beyond the end of a text into the next; the prompt itself comes out first.
   *
   * @param out receives text piece by piece
   */
  void generate(String prompt, int count, SamplingSettings sampling, Consumer<String> out) {
    generate(prompt, new GenerationSettings(count, sampling, List.of()), false, out);
  }

  private void generate(
      String prompt, GenerationSettings settings, boolean stops, Consumer<String> out) {
    int[] start = prompt.isEmpty() ? lineEnd() : tokenizer.encode(prompt);
    out.accept(prompt);
    TokenStream stream = tokenizer.decoder();
    GrowingText text = new GrowingText(settings.stop());
    OptionalInt end = stops ? tokenizer.endOfText() : OptionalInt.empty();
    TokenSink sink =
        token -> {
          if (end.isPresent() && token == end.getAsInt()) {
            return false;
          }
          out.accept(text.add(stream.next(token)));
          return !text.stopped();
        };
    Request request = new Request(start, settings.maxNewTokens(), settings.sampling(), sink);
    Generation generation = new Generation(decoder, List.of(request).iterator());
    while (generation.step()) {}
    out.accept(text.add(stream.end()) + text.end());
  }

  /** A line end as the model knows it; the first id where it was trained on a text without any. */
  private int[] lineEnd() {
    try {
      return tokenizer.encode("\n");
    } catch (TokenizerException e) {
      return new int[] {0};
    }
  }

  @Override
  public void close() {
    decoder.close();
  }
}
