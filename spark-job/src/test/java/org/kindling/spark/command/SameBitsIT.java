package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same seed, settings and number of shards give the same weights to the last bit, wherever the
 * job runs: in one thread, in several, and in executors of their own that get weights by broadcast
 * and send gradients back.
 */
@ExtendWith(CommandLineFixture.class)
class SameBitsIT {
  /** In this JVM. */
  private static final List<String> LOCAL = List.of("local[1]", "local[2]", "local[4]");

  /** A driver and two executors, each a process. */
  private static final String CLUSTER = "local-cluster[2,1,1024]";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "onednn, model.activation=gelu",
    "onednn, model.activation=relu model.embedding=96", // wide enough for zeros to be skipped
    "nd4j, model.activation=gelu"
  })
  void weightsAfterFiftyStepsWithDropout(String kernels, String model) throws Exception {
    Path text = CommandLineFixture.rhyme(folder);
    Path onCluster = folder.resolve("on cluster");
    Script.Started started =
        Script.start(folder, onCluster(train(text, onCluster, kernels, model)));
    Map<String, String> weights = new TreeMap<>();
    List<String> losses = new ArrayList<>();
    for (String master : LOCAL) {
      Path run = folder.resolve("run " + weights.size());
      CommandLineFixture.Result trained =
          CommandLineFixture.kindlingOn(master, train(text, run, kernels, model));
      assertThat(trained.exitCode()).as(master + trained.err()).isZero();
      weights.put(master, fingerprint(run));
      losses.add(losses(trained.out()));
    }
    Script.Ended ended = started.await();
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    weights.put(CLUSTER, fingerprint(onCluster));
    losses.add(losses(ended.out()));

    assertThat(weights.values())
        .as(weights.toString())
        .hasSize(4)
        .containsOnly(weights.get("local[1]"));
    assertThat(folder.resolve("run 0/config.conf"))
        .content()
        .contains("skip-zeros = " + model.contains("relu"));
    assertThat(losses).hasSize(4).containsOnly(losses.get(0));
  }

  private static String[] train(Path text, Path run, String kernels, String model) {
    List<String> settings = new ArrayList<>(List.of(model.split(" ")));
    settings.addAll(
        List.of(
            "model.dropout=0.2",
            "train.batch-size=16",
            "train.shards=4",
            "train.steps=50",
            "train.kernels=" + kernels));
    return CommandLineFixture.training(
        text.toString(), run.toString(), settings.toArray(String[]::new));
  }

  private static String[] onCluster(String... command) {
    List<String> words = new ArrayList<>(Script.SHORT_LIVED);
    words.add("--master=" + CLUSTER);
    words.addAll(List.of(command));
    return words.toArray(String[]::new);
  }

  private static String losses(String out) {
    List<String> lines = out.lines().filter(line -> line.contains("validation loss")).toList();
    assertThat(lines).isNotEmpty();
    return lines.toString();
  }

  @Test
  void theLossOfTheWholeValidationSplit() throws Exception {
    Path text = CommandLineFixture.rhyme(folder);
    Path run = folder.resolve("run");
    CommandLineFixture.Result trained =
        CommandLineFixture.train(text, run, "train.shards=4", "train.steps=3");
    assertThat(trained.exitCode()).as(trained.err()).isZero();

    String[] evaluate = {"evaluate", "--model", run.toString()};
    Script.Started started = Script.start(folder, onCluster(evaluate));
    List<String> printed = new ArrayList<>();
    for (String master : List.of("local[1]", "local[2]")) {
      printed.add(CommandLineFixture.kindlingOn(master, evaluate).out());
    }
    Script.Ended ended = started.await();
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    printed.add(ended.out());
    assertThat(printed).containsOnly(printed.get(0));
    assertThat(printed.get(0)).startsWith("loss  ").contains("perplexity  ", "bits per character");
  }

  private static String fingerprint(Path run) throws IOException {
    return DigestUtils.sha256Hex(
        Files.readAllBytes(run.resolve("checkpoints/step-00000050/model.safetensors")));
  }
}
