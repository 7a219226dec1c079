package org.kindling.model.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kindling.model.Activation;
import org.kindling.model.InitialScheme;
import org.kindling.model.ModelSettings;
import org.kindling.model.ModelType;
import org.kindling.model.ParameterLayout;
import org.kindling.model.Parameters;
import org.kindling.model.kernels.Arena;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.OneDnnKernels;
import org.nd4j.linalg.api.buffer.DataType;

/** What a network is said to keep is what it takes when it is made, to the value. */
class NetworkMemoryTest {
  private static final int SEQUENCES = 3;

  /**
   * Every combination of parts, each with dropout and without, in one block of queries or three.
   */
  static List<ModelSettings> variants() {
    List<ModelSettings> variants = new ArrayList<>();
    for (int off = 0; off < 32; off++) {
      for (int context : new int[] {5, 130}) {
        variants.add(gpt(off, context, 0, true));
        variants.add(gpt(off, context, 0.2, false));
      }
    }
    variants.add(
        new ModelSettings(
            ModelType.BIGRAM, 0, 0, 0, 6, 7, 0.2, false, false, false, Activation.RELU));
    return variants;
  }

  private static ModelSettings gpt(int off, int context, double dropout, boolean tiedHead) {
    boolean feedForwardProjection = (off & 1) == 0;
    return new ModelSettings(
        ModelType.GPT,
        2,
        2,
        8,
        context,
        7,
        dropout,
        true,
        false,
        tiedHead,
        Activation.GELU,
        (off & 2) == 0,
        feedForwardProjection ? 3 : 1,
        feedForwardProjection,
        (off & 4) == 0,
        (off & 8) == 0,
        (off & 16) == 0,
        InitialScheme.GPT2);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void everyArrayAndMaskIsCounted(ModelSettings settings) {
    List<Long> masks = new ArrayList<>();
    try (OneDnnKernels kernels = new OneDnnKernels();
        Arena arena = new Arena(DataType.FLOAT)) {
      Parameters parameters = new Parameters(ParameterLayout.of(settings), DataType.FLOAT);
      Build build =
          new Build(
              settings,
              parameters,
              listed(kernels, masks),
              arena,
              settings.context(),
              new long[SEQUENCES]);

      Network.of(build, new int[build.rows()]);

      NetworkMemory said = NetworkMemory.of(settings, SEQUENCES);
      assertThat(said.activations()).isEqualTo(arena.bytes() / Float.BYTES);
      assertThat(said.masked()).isEqualTo(masks.stream().mapToLong(Long::longValue).sum());
    }
  }

  /** The same kernels, which put down how many values each mask is for. */
  private static Kernels listed(Kernels kernels, List<Long> masks) {
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("mask")) {
                masks.add((long) (int) arguments[0] * (int) arguments[1]);
              }
              return method.invoke(kernels, arguments);
            });
  }
}
