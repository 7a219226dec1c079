package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.filesIn;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.model.safetensors.Safetensors;
import org.kindling.model.safetensors.SafetensorsFile;
import org.kindling.spark.command.CommandLineFixture.Result;
import org.kindling.spark.settings.Preset;
import org.kindling.spark.settings.Settings;
import org.kindling.spark.settings.SettingsReader;

/** From a text to a run: what is printed, and what the run's directory holds. */
@ExtendWith(CommandLineFixture.class)
class TrainCommandTest {
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
}
