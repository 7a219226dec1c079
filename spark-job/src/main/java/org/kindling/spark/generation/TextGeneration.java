package org.kindling.spark.generation;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.kindling.model.ModelSettings;
import org.kindling.model.decoding.Decoder;
import org.kindling.model.decoding.Generation;
import org.kindling.model.decoding.Request;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.sampling.SamplingSettings;
import org.kindling.spark.run.Weights;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.TokenizerException;

/** Hands on text as it is generated, whole characters only. */
public final class TextGeneration implements AutoCloseable {
  private static final double SAMPLE_TEMPERATURE = 0.8;

  private final Tokenizer tokenizer;
  private final Decoder decoder;

  public TextGeneration(Tokenizer tokenizer, Weights weights, KernelChoice kernels) {
    this(tokenizer, weights.state().model(), weights.values(), kernels);
  }

  /**
   * @param weights the flat vector of P weights, which is copied
   */
  public TextGeneration(
      Tokenizer tokenizer, ModelSettings model, float[] weights, KernelChoice kernels) {
    this.tokenizer = tokenizer;
    this.decoder = Decoder.of(model, weights, 1, kernels);
  }

  /**
   * A reader of text that writes it at once.
   *
   * @param out its failure comes out as an {@link UncheckedIOException}
   */
  public static Consumer<String> printer(OutputStream out) {
    return piece -> {
      try {
        out.write(piece.getBytes(StandardCharsets.UTF_8));
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /**
   * Continues a prompt as far as one of its stop strings or the end of text; without a prompt, from
   * a line end, which is not written.
   */
  public void print(String prompt, GenerationSettings settings, Consumer<String> out) {
    generate(prompt, settings, tokenizer.endOfText(), out);
    out.accept("\n");
  }

  /**
   * What the model writes from a line end on, beyond the end of a text into the next.
   *
   * @param out receives it piece by piece
   */
  public String sample(int tokens, long seed, Consumer<String> out) {
    SamplingSettings sampling = SamplingSettings.at(SAMPLE_TEMPERATURE, seed);
    StringBuilder text = new StringBuilder();
    generate(
        "",
        new GenerationSettings(tokens, sampling, List.of()),
        OptionalInt.empty(),
        piece -> {
          text.append(piece);
          out.accept(piece);
        });
    return text.toString();
  }

  private void generate(
      String prompt, GenerationSettings settings, OptionalInt end, Consumer<String> out) {
    int[] start = prompt.isEmpty() ? lineEnd() : tokenizer.encode(prompt);
    out.accept(prompt);
    Continuation sink = new Continuation(tokenizer.decoder(), end, settings.stop(), out);
    Request request = new Request(start, settings.maxNewTokens(), settings.sampling(), sink);
    Generation generation = new Generation(decoder, List.of(request).iterator());
    while (generation.step()) {}
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
