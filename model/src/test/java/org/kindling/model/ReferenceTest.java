package org.kindling.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.kindling.model.ParameterLayout.Parameter;
import org.kindling.model.decoding.Decoder;
import org.kindling.model.decoding.Generation;
import org.kindling.model.decoding.Request;
import org.kindling.model.kernels.KernelChoice;
import org.kindling.model.kernels.Kernels;
import org.kindling.model.kernels.Nd4jKernels;
import org.kindling.model.kernels.OneDnnKernels;
import org.kindling.model.optimizer.AdamW;
import org.kindling.model.optimizer.AdamWSettings;
import org.kindling.model.optimizer.GlobalNorm;
import org.kindling.model.safetensors.Safetensors;
import org.kindling.model.safetensors.SafetensorsFile;
import org.kindling.model.sampling.SamplingSettings;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Everything a replica computes against what libtorch computed for the same parameters and batch:
 * logits, loss, each gradient, three AdamW steps, greedy continuation. {@code
 * -Dkindling.reference=FOLDER} adds further files.
 */
class ReferenceTest {
  private static final double TOLERANCE = 1e-4;
  private static final double STEPPED_TOLERANCE = 1e-3;

  static Stream<Arguments> cases() throws IOException {
    List<Arguments> cases = new ArrayList<>();
    for (Path file : files()) {
      SafetensorsFile reference;
      try (InputStream in = Files.newInputStream(file)) {
        reference = Safetensors.read(in);
      }
      Named<SafetensorsFile> named = Named.of(file.getFileName().toString(), reference);
      cases.add(
          Arguments.of(named, Named.of("oneDNN", choice(OneDnnKernels::new)), KernelChoice.ONEDNN));
      cases.add(
          Arguments.of(
              named,
              Named.of("oneDNN, skipping zeros", choice(() -> new OneDnnKernels(Double.MAX_VALUE))),
              KernelChoice.ONEDNN));
      cases.add(
          Arguments.of(
              named,
              Named.of("ND4J", choice(() -> new Nd4jKernels(DataType.FLOAT))),
              KernelChoice.ND4J));
    }
    return cases.stream();
  }

  private static Supplier<Kernels> choice(Supplier<Kernels> supplier) {
    return supplier;
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : List.of("bigram", "gpt2", "lecture", "nanogpt")) {
      String resource = "/org/kindling/model/reference/%s.safetensors".formatted(name);
      files.add(Path.of(URI.create(ReferenceTest.class.getResource(resource).toString())));
    }
    String folder = System.getProperty("kindling.reference");
    if (folder != null) {
      try (DirectoryStream<Path> more =
          Files.newDirectoryStream(fromRoot(folder), "*.safetensors")) {
        more.forEach(files::add);
      }
    }
    return files;
  }

  /** Maven runs in the root, where the user's path is meant, but tests run in the module. */
  private static Path fromRoot(String folder) {
    Path here = Path.of(folder);
    return Files.exists(here) ? here : Path.of("..").resolve(folder);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void logitsLossAndGradientsAgree(
      SafetensorsFile reference, Supplier<Kernels> kernels, KernelChoice choice) {
    Case given = new Case(reference);
    try (Replica replica = given.replica(kernels)) {
      replica.load(given.flat("param."));
      float[] expected = given.values("logits");
      for (int t = 0; t < given.length; t++) {
        float[] logits = new float[given.batch * given.settings.vocabulary()];
        replica.logits(given.ids("idx"), t, logits);
        assertClose("logits of position " + t, logits, given.position(expected, t), TOLERANCE);
      }
      replica.clearGradients();
      double loss = given.loss(replica);
      assertThat(loss)
          .isCloseTo(
              given.values("loss")[0], org.assertj.core.data.Percentage.withPercentage(1e-3));
      float[] gradients = new float[given.layout.size()];
      replica.gradients(gradients);
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] /= given.tokens();
      }
      given.compare("grad.", gradients, TOLERANCE);
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void threeOptimizerStepsAgree(
      SafetensorsFile reference, Supplier<Kernels> kernels, KernelChoice choice) {
    Case given = new Case(reference);
    float[] before = given.flat("param.");
    float[] weights = before.clone();
    AdamW optimizer =
        new AdamW(
            given.layout,
            new AdamWSettings(
                given.real("beta1"),
                given.real("beta2"),
                given.real("eps"),
                given.real("weight_decay")),
            new float[weights.length],
            new float[weights.length]);
    try (Replica replica = given.replica(kernels)) {
      for (int step = 1; step <= 3; step++) {
        replica.load(weights);
        replica.clearGradients();
        double loss = given.loss(replica);
        float[] gradients = new float[given.layout.size()];
        replica.gradients(gradients);
        double norm = GlobalNorm.of(gradients) / given.tokens();
        double clip = Math.min(1, given.real("clip") / (norm + 1e-6));
        optimizer.step(weights, gradients, clip / given.tokens(), given.real("lr"), step);
        assertThat(loss)
            .as("loss of step %d", step)
            .isCloseTo(given.values("losses")[step - 1], within(1e-4));
        assertThat(norm)
            .as("norm of step %d", step)
            .isCloseTo(given.values("norms")[step - 1], within(1e-3));
      }
    }
    given.compareChange(before, weights, STEPPED_TOLERANCE);
  }

  private static org.assertj.core.data.Percentage within(double share) {
    return org.assertj.core.data.Percentage.withPercentage(100 * share);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void greedyContinuationAgrees(
      SafetensorsFile reference, Supplier<Kernels> kernels, KernelChoice choice) {
    Case given = new Case(reference);
    float[] expected = given.values("greedy");
    int[] prompt = java.util.Arrays.copyOf(given.ids("idx"), (int) given.real("prompt"));
    List<Integer> tokens = new ArrayList<>();
    Request request = new Request(prompt, expected.length, SamplingSettings.GREEDY, tokens::add);
    try (Decoder decoder = Decoder.of(given.settings, given.flat("param."), 1, choice)) {
      Generation generation = new Generation(decoder, List.of(request).iterator());
      while (generation.step()) {}
    }
    assertThat(tokens).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(tokens.get(i)).as("token %d", i).isEqualTo((int) expected[i]);
    }
  }

  /** ||ours - reference|| / ||reference||; where the reference is all zeros, so must ours be. */
  private static void assertClose(String name, float[] ours, float[] reference, double tolerance) {
    assertThat(ours).as(name).hasSameSizeAs(reference);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < ours.length; i++) {
      difference += Math.pow((double) ours[i] - reference[i], 2);
      norm += Math.pow(reference[i], 2);
    }
    double error = norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
    assertThat(error).as("relative error of %s", name).isLessThanOrEqualTo(tolerance);
  }

  /** A reference file's settings and tensors. */
  private static final class Case {
    final SafetensorsFile file;
    final ModelSettings settings;
    final ParameterLayout layout;
    final int batch;
    final int length;

    Case(SafetensorsFile file) {
      this.file = file;
      Map<String, String> m = file.metadata();
      String variant = m.get("variant");
      boolean isNanoGpt = variant.equals("nanogpt");
      this.settings =
          new ModelSettings(
              variant.equals("bigram") ? ModelType.BIGRAM : ModelType.GPT,
              number("layers"),
              number("heads"),
              number("embd"),
              number("block"),
              number("vocab"),
              0,
              !isNanoGpt,
              variant.equals("gpt2"),
              !variant.equals("lecture"),
              switch (variant) {
                case "lecture" -> Activation.RELU;
                case "gpt2" -> Activation.GELU_TANH;
                default -> Activation.GELU;
              });
      this.layout = ParameterLayout.of(settings);
      this.batch = number("batch");
      this.length = number("block");
    }

    int number(String key) {
      return Integer.parseInt(file.metadata().get(key));
    }

    double real(String key) {
      return Double.parseDouble(file.metadata().get(key));
    }

    int tokens() {
      return batch * length;
    }

    Replica replica(Supplier<Kernels> kernels) {
      return new Replica(settings, batch, kernels.get());
    }

    float[] values(String name) {
      assertThat(file.tensors()).containsKey(name);
      return file.tensors().get(name).values();
    }

    int[] ids(String name) {
      float[] values = values(name);
      int[] ids = new int[values.length];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = (int) values[i];
      }
      return ids;
    }

    /** Mean loss of the batch; adds its gradients. */
    double loss(Replica replica) {
      return replica.accumulate(ids("idx"), ids("targets"), new long[batch]) / tokens();
    }

    float[] position(float[] logits, int t) {
      int v = settings.vocabulary();
      float[] rows = new float[batch * v];
      for (int b = 0; b < batch; b++) {
        System.arraycopy(logits, (b * length + t) * v, rows, b * v, v);
      }
      return rows;
    }

    float[] flat(String prefix) {
      float[] flat = new float[layout.size()];
      for (Parameter parameter : layout.parameters()) {
        float[] values = values(prefix + parameter.name());
        System.arraycopy(values, 0, flat, parameter.offset(), values.length);
      }
      return flat;
    }

    void compare(String prefix, float[] flat, double tolerance) {
      for (Parameter parameter : layout.parameters()) {
        float[] ours = slice(flat, parameter);
        assertClose(prefix + parameter.name(), ours, values(prefix + parameter.name()), tolerance);
      }
    }

    void compareChange(float[] before, float[] after, double tolerance) {
      for (Parameter parameter : layout.parameters()) {
        float[] reference = values("stepped." + parameter.name()).clone();
        float[] ours = slice(after, parameter);
        float[] start = slice(before, parameter);
        for (int i = 0; i < ours.length; i++) {
          reference[i] -= start[i];
          ours[i] -= start[i];
        }
        assertClose("change of " + parameter.name(), ours, reference, tolerance);
      }
    }

    private static float[] slice(float[] flat, Parameter parameter) {
      return java.util.Arrays.copyOfRange(
          flat, parameter.offset(), parameter.offset() + parameter.length());
    }
  }
}
