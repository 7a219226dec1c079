package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.kindling.spark.command.CommandLineFixture.kindling;
import static org.kindling.spark.command.CommandLineFixture.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.model.safetensors.Safetensors;
import org.kindling.model.safetensors.SafetensorsFile;
import org.kindling.model.safetensors.Tensor;
import org.kindling.spark.command.CommandLineFixture.Result;
import org.kindling.spark.settings.Preset;
import org.kindling.spark.settings.SettingHelp;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.SettingsReader;

/** What a user does from text to a model to text, in this JVM. */
@ExtendWith(CommandLineFixture.class)
class CommandTest {
  @TempDir static Path folder;
  private static Path text;
  private static Path run;
  private static Result trained;

  @BeforeAll
  static void trainARun() {
    text = CommandLineFixture.rhyme(folder);
    run = folder.resolve("run");
    trained = train(text, run, "train.steps=25");
    assertThat(trained.err()).isEmpty();
    assertThat(trained.exitCode()).isZero();
  }

  @Test
  void trainingPrintsSettingsProgressAndASampleInPlainLines() {
    assertThat(trained.out())
        .contains("model {\n  type = gpt\n  layers = 1\n", "run " + run + ": ")
        .containsPattern("step 1/25: loss 3\\.\\d{4}, rate \\S+, [\\d,]+ tokens/s\n")
        .containsPattern("step 10/25: validation loss \\d\\.\\d{4}, the best so far\n")
        .containsPattern("step 25/25: loss \\S+, validation \\S+, rate 1.0e-02, ")
        .containsPattern("\nbest validation loss \\d\\.\\d{4} at step \\d+ of 25\n")
        .contains("\nsample:\n")
        .doesNotContain("\r", "\u001b");
    String sample = trained.out().substring(trained.out().indexOf("\nsample:\n") + 9);
    assertThat(sample.codePoints().count()).isEqualTo(500 + 1);
  }

  @Test
  void theRunDirectoryHasItsFiles() throws IOException {
    assertThat(filesIn(run))
        .contains(
            "best", "checkpoints", "config.conf", "latest", "metrics.jsonl", "tokenizer.json");
    assertThat(run.resolve("latest")).hasContent("step-00000025\n");
    assertThat(filesIn(run.resolve("checkpoints/step-00000025")))
        .containsExactly("model.safetensors", "optimizer.safetensors", "state.json");
  }

  @Test
  void metricsHaveALineForEachLoggedStep() throws IOException {
    List<String> evaluated = new ArrayList<>();
    List<Integer> steps = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      JsonNode metrics = new ObjectMapper().readTree(line);
      steps.add(metrics.get("step").asInt());
      List<String> keys = new ArrayList<>();
      metrics.fieldNames().forEachRemaining(keys::add);
      if (keys.remove("validationLoss")) {
        evaluated.add(metrics.get("step").asText());
      }
      assertThat(keys)
          .containsExactly(
              "step",
              "trainLoss",
              "learningRate",
              "gradientNorm",
              "tokensPerSecond",
              "stepMillis",
              "weightsMillis",
              "computeMillis",
              "reduceMillis",
              "optimizerMillis",
              "bytesSent");
    }
    assertThat(steps).containsExactly(5, 10, 15, 20, 25);
    assertThat(evaluated).containsExactly("10", "20", "25");
  }

  @Test
  void theSettingsReadBackAsTheyWere() throws IOException {
    String config = Files.readString(run.resolve("config.conf"));
    Settings settings = SettingsReader.read(Optional.of(new Preset("run", config)), List.of());

    assertThat(settings.data().input()).isEqualTo(text.toString());
    assertThat(settings.train().steps()).isEqualTo(25);
    assertThat(settings.train().shards()).isEqualTo(2);
    assertThat(settings.model().embedding()).isEqualTo(16);
    assertThat(config)
        .contains("provenance {", "spark = \"", "java = \"", "seed = 1337")
        .containsPattern("data-sha256 = [0-9a-f]{64}\n");
  }

  @Test
  void theModelIsAFileOfNamedTensors() throws IOException {
    try (InputStream in =
        Files.newInputStream(run.resolve("checkpoints/step-00000025/model.safetensors"))) {
      SafetensorsFile model = Safetensors.read(in);

      assertThat(model.tensors())
          .containsKeys("wte.weight", "wpe.weight", "h.0.attn.c_attn.weight", "ln_f.weight");
      assertThat(model.tensors().get("wpe.weight").shape()).containsExactly(8, 16);
    }
  }

  @Test
  void greedyTextIsAlwaysTheSame() {
    Result greedy = generate("--temperature", "0", "--prompt", "Jack", "--seed", "1");

    assertThat(greedy.exitCode()).isZero();
    assertThat(greedy.err()).isEmpty();
    assertThat(greedy.out())
        .startsWith("Jack")
        .hasSize("Jack".length() + 40 + 1) // far beyond the context of 8, and a line end
        .isEqualTo(generate("--temperature", "0", "--prompt", "Jack", "--seed", "2").out());
  }

  @Test
  void theSameSeedGivesTheSameText() {
    String[] options = {"--top-k", "10", "--top-p", "0.95", "--temperature", "1"};

    String one = generate(with(options, "--seed", "7")).out();
    assertThat(generate(with(options, "--seed", "7")).out()).isEqualTo(one);
    assertThat(generate(with(options, "--seed", "8")).out()).isNotEqualTo(one);
  }

  /** Sample i has the seed plus i. */
  @Test
  void severalSamplesAreThoseOfTheirSeeds() {
    String rule = "---------------\n";

    assertThat(generate("--seed", "7", "--num-samples", "2").out())
        .isEqualTo(generate("--seed", "7").out() + rule + generate("--seed", "8").out() + rule);
  }

  @Test
  void aPromptLongerThanTheContextAndNoTokensAtAll() {
    String prompt = "Jack and Jill went up the hill";

    assertThat(generate("--prompt", prompt).out()).startsWith(prompt).hasSize(prompt.length() + 41);
    assertThat(
            kindling(
                    "generate",
                    "--model",
                    run.toString(),
                    "--prompt",
                    "Jack",
                    "--max-new-tokens",
                    "0")
                .out())
        .isEqualTo("Jack\n");
  }

  @Test
  void evaluationIsExactAndRepeatable() {
    Result first = kindling("evaluate", "--model", run.toString());

    assertThat(first.err()).isEmpty();
    double loss = first.figure("loss");
    assertThat(first.figure("perplexity")).isCloseTo(Math.exp(loss), within(1e-3));
    assertThat(first.figure("bits per character")).isCloseTo(loss / Math.log(2), within(1e-5));
    assertThat(first.figure("targets"))
        .isEqualTo(Math.ceil(0.1 * CommandLineFixture.RHYME.length()) - 1);
    assertThat(trained.out()).contains("best validation loss %.4f at".formatted(loss));
    assertThat(kindling("evaluate", "--model", run.toString()).out()).isEqualTo(first.out());
  }

  @Test
  void allOfAnotherTextCanBeEvaluated() {
    Path other = CommandLineFixture.write(folder.resolve("other.txt"), "Jill came up the hill.\n");

    Result result =
        kindling(
            "evaluate",
            "--model",
            run.toString(),
            "--input",
            other.toString(),
            "data.validation-fraction=1");

    assertThat(result.err()).isEmpty();
    assertThat(result.figure("targets")).isEqualTo(22);
  }

  /** Ten steps at once, or six and then the rest. */
  @Test
  void aResumedRunIsAsIfItHadNeverStopped() throws IOException {
    Path whole = folder.resolve("whole");
    Path halves = folder.resolve("halves");
    assertThat(train(text, whole, "train.steps=10").exitCode()).isZero();
    assertThat(train(text, halves, "train.steps=6").exitCode()).isZero();

    Result resumed = kindling("train", "--resume", halves.toString(), "train.steps=10");

    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out())
        .startsWith("changed: train.steps 6 -> 10\ncontinuing " + halves + " from step 6\n");
    assertThat(halves.resolve("latest")).hasContent("step-00000010\n");
    assertThat(Files.readString(halves.resolve("config.conf"))).contains("steps = 10\n");
    for (String file : List.of("model", "optimizer")) {
      assertThat(tensors(halves, file)).isEqualTo(tensors(whole, file)).isNotEmpty();
    }
  }

  @Test
  void aResumedRunMayBeForcedToLearnSomethingElse() throws IOException {
    Path run = folder.resolve("forced");
    train(text, run, "train.steps=6");

    Result resumed =
        kindling(
            "train",
            "--resume=" + run,
            "--force",
            "train.steps=8",
            "train.seed=7",
            "train.batch-size=2",
            "data.validation-fraction=0.2");

    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out())
        .startsWith(
            "changed: data.validation-fraction 0.1 -> 0.2\n"
                + "changed: train.steps 6 -> 8\n"
                + "changed: train.batch-size 8 -> 2\n"
                + "changed: train.seed 1337 -> 7\n");
    assertThat(Files.readString(run.resolve("checkpoints/step-00000008/state.json")))
        .contains("\"seed\" : 7");
  }

  @Test
  void aRunThatEndedBeforeItsFirstCheckpointBeginsAgain() throws IOException {
    Path whole = folder.resolve("whole run");
    Path cut = folder.resolve("cut run");
    train(text, whole, "train.steps=10");
    train(text, cut, "train.steps=10");
    for (String name : List.of("latest", "best")) {
      Files.delete(cut.resolve(name));
    }
    Path checkpoint = cut.resolve("checkpoints/step-00000010");
    Files.move(checkpoint, folder.resolve("moved away"));

    Result resumed = kindling("train", "--resume=" + cut);

    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out()).startsWith(cut + " has no checkpoint yet: starting from step 0\n");
    assertThat(tensors(cut, "model")).isEqualTo(tensors(whole, "model")).isNotEmpty();
  }

  @Test
  void resumeFallsBackToTheNewestWholeCheckpointAndSaysSo() throws IOException {
    Path damaged = folder.resolve("damaged");
    train(text, damaged, "train.steps=20", "train.learning-rate=1e-3");
    Path newest = damaged.resolve("checkpoints/step-00000020/optimizer.safetensors");
    Files.write(newest, new byte[10]);

    Result resumed = kindling("train", "--resume", damaged.toString());

    assertThat(resumed.exitCode()).isZero();
    assertThat(resumed.out())
        .startsWith("passed over: checkpoint %s is damaged: ".formatted(newest.getParent()))
        .contains("continuing " + damaged + " from step 10\n");
  }

  @Test
  void overwriteReplacesARun() throws IOException {
    Path output = folder.resolve("replaced");
    train(text, output, "train.steps=2");

    assertThat(train(text, output, "train.steps=3", "--overwrite").exitCode()).isZero();

    assertThat(filesIn(output.resolve("checkpoints"))).containsExactly("step-00000003");
  }

  @Test
  void aTextWithoutLineEndsAndAModelOfOneTable() {
    Path oneLine =
        CommandLineFixture.write(folder.resolve("line.txt"), "round and round ".repeat(20));
    Path output = folder.resolve("one line");

    Result result = train(oneLine, output, "train.steps=3", "model.type=bigram");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(kindling("generate", "--model", output.toString()).exitCode()).isZero();
  }

  /** Too little for even one window of validation. */
  @Test
  void trainingWithoutValidation() {
    Path output = folder.resolve("unvalidated");

    Result result = train(text, output, "train.steps=3", "data.validation-fraction=0");

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("trained 3 steps without a validation split");
    assertThat(kindling("generate", "--model", output.toString()).exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "generate", "evaluate"})
  void helpHasEveryOptionWithItsDefault(String command) {
    Result help = kindling(command, "--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).startsWith("Usage: kindling " + command).contains("--verbose");
    switch (command) {
      case "train" -> {
        assertThat(help.out())
            .contains("--input", "--output", "--resume", "--overwrite", "shakespeare");
        for (SettingHelp setting : SettingHelp.all()) {
          assertThat(help.out().lines())
              .as(setting.name())
              .anyMatch(
                  line ->
                      line.matches(setting.name() + " +\\Q" + setting.defaultValue() + "\\E .*"));
        }
      }
      case "generate" ->
          assertThat(help.out().replaceAll("\\s+", " "))
              .contains("Default: best", "Default: 300", "Default: 0.8", "Default: 1337");
      default -> assertThat(help.out()).contains("--input", "Default: best");
    }
  }

  @Test
  void helpOfTheWholeAndTheVersion() {
    assertThat(kindling("--help").out()).contains("train", "generate", "evaluate", "--master");
    assertThat(kindling("--version").out()).startsWith("kindling ");
  }

  @Test
  void noCommandLeavesAThreadThatKeepsTheProcessAlive() {
    Thread test = Thread.currentThread();

    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !thread.isDaemon() && thread != test)
        .extracting(Thread::getName)
        .allMatch(
            name ->
                name.startsWith("surefire")
                    || name.startsWith("DestroyJavaVM")
                    || name.equals("main")
                    || name.startsWith("ping")
                    || name.startsWith("junit-jupiter-timeout")
                    // Netty's ends by itself after a second without work
                    || name.startsWith("globalEventExecutor"));
  }

  private static Result generate(String... more) {
    return kindling(
        with(new String[] {"generate", "--model", run.toString(), "--max-new-tokens", "40"}, more));
  }

  private static String[] with(String[] options, String... more) {
    return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
  }

  private static List<String> tensors(Path directory, String file) throws IOException {
    try (InputStream in =
        Files.newInputStream(
            directory.resolve("checkpoints/step-00000010/" + file + ".safetensors"))) {
      return Safetensors.read(in).tensors().entrySet().stream()
          .map(entry -> entry.getKey() + bits(entry.getValue()))
          .sorted()
          .toList();
    }
  }

  private static List<Integer> bits(Tensor tensor) {
    List<Integer> bits = new ArrayList<>();
    for (float value : tensor.values()) {
      bits.add(Float.floatToRawIntBits(value));
    }
    return bits;
  }

  private static List<String> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
