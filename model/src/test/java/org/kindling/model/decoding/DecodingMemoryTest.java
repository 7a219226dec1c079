package org.kindling.model.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kindling.model.Activation;
import org.kindling.model.ModelSettings;
import org.kindling.model.ParameterLayout;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.sampling.SamplingSettings;

/**
 * What a decoder takes outside the heap: what it says, no more as it works, and nothing once
 * closed.
 */
class DecodingMemoryTest {
  private static final Path STATM = Path.of("/proc/self/statm");

  private static void generate(Decoder decoder, int prompted, int count) {
    List<Request> requests =
        java.util.stream.IntStream.range(0, decoder.slots())
            .mapToObj(
                i ->
                    new Request(
                        Models.tokens(prompted, i), count, SamplingSettings.at(1, i), t -> true))
            .toList();
    Generation generation = new Generation(decoder, requests.iterator());
    while (generation.step()) {}
  }

  private static long residentBytes() throws IOException {
    assumeTrue(Files.isReadable(STATM), "reads /proc, which is not here");
    return 4096 * Long.parseLong(Files.readString(STATM).split(" ")[1]);
  }

  @ParameterizedTest(
      name = "{0} layers, {1} heads, embedding {2}, context {3}, {4} slots, tied {5}")
  @CsvSource({"2, 2, 128, 70, 1, true", "2, 2, 192, 8, 3, false", "3, 4, 128, 300, 5, true"})
  void memoryIsKnownBeforehand(
      int layers, int heads, int embedding, int context, int slots, boolean tied) {
    ModelSettings settings =
        Models.variant(layers, heads, embedding, context, true, true, tied, Activation.GELU);
    assertMemory(settings, slots);
  }

  @ParameterizedTest(name = "feed-forward {0} of width {1}, ended {2}, other parts {3}")
  @CsvSource({"true, 2, true, true", "true, 1, false, false", "false, 1, false, false"})
  void missingPartsTakeNone(boolean feedForward, int width, boolean contracts, boolean others) {
    assertMemory(Models.parts(2, 128, feedForward, width, contracts, others, others, others), 2);
  }

  private static void assertMemory(ModelSettings settings, int slots) {
    int context = settings.context();
    try (Decoder decoder =
        Decoder.of(settings, Models.weights(settings), slots, KernelChoice.ONEDNN)) {
      generate(decoder, 1, context + 1);
      generate(decoder, context, 1); // so that everything has come up once
      long said = Decoder.bytes(settings, slots);

      assertThat(((GptDecoder) decoder).allocatedBytes()).isBetween(said * 95 / 100, said);
    }
  }

  /** The limit leaves room for the Java heap, which grows; 60 decoders of 8 MB each do not fit. */
  @Test
  void tokensAndClosedDecodersLeaveNothing() throws IOException {
    ModelSettings settings = Models.gpt(2, 4, 256, 128);
    assertThat(Decoder.bytes(settings, 3)).isGreaterThan(8_000_000);
    // Once, since an array for each decoder would make the Java heap grow by as much.
    float[] weights = new float[ParameterLayout.of(settings).size()];
    for (int i = 0; i < 20; i++) {
      makeAndClose(settings, weights);
    }
    long before = residentBytes();
    for (int i = 0; i < 60; i++) {
      makeAndClose(settings, weights);
    }
    assertThat(residentBytes() - before).as("growth in bytes").isLessThan(160L << 20);
  }

  private static void makeAndClose(ModelSettings settings, float[] weights) {
    try (Decoder decoder = Decoder.of(settings, weights, 3, KernelChoice.ONEDNN)) {
      generate(decoder, 70, 40);
    }
  }
}
