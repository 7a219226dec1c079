package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.model.safetensors.Safetensors;
import org.kindling.model.safetensors.Tensor;

/**
 * The same seed, settings and number of shards give the same weights to the last bit, wherever the
 * job runs: in one thread, in several, and in executors of their own that get weights by broadcast
 * and send gradients back.
 */
class SameBitsIT {
  private static final List<String> MASTERS =
      List.of("local[1]", "local[2]", "local[4]", "local-cluster[2,1,1024]");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"onednn", "nd4j"})
  void weightsAfterFiftyStepsWithDropout(String kernels) throws Exception {
    Path text = CommandLineFixture.rhyme(folder);
    Map<String, String> weights = new TreeMap<>();
    List<String> losses = new ArrayList<>();
    for (String master : MASTERS) {
      Path run = folder.resolve("run " + weights.size());
      Script.Ended trained =
          Script.kindling(
              folder,
              "--master",
              master,
              "train",
              "--input",
              text.toString(),
              "--output",
              run.toString(),
              "model.layers=1",
              "model.heads=2",
              "model.embedding=16",
              "model.context=8",
              "model.dropout=0.2",
              "train.batch-size=16",
              "train.shards=4",
              "train.steps=50",
              "train.eval-every=25",
              "train.kernels=" + kernels);
      assertThat(trained.exitCode()).as(master + trained.err()).isZero();
      weights.put(master, fingerprint(run));
      losses.add(
          trained
              .out()
              .lines()
              .filter(line -> line.contains("validation loss"))
              .toList()
              .toString());
    }

    assertThat(weights.values())
        .as(weights.toString())
        .hasSize(4)
        .containsOnly(weights.get("local[1]"));
    assertThat(losses).containsOnly(losses.get(0));
  }

  @Test
  void theLossOfTheWholeValidationSplit() throws Exception {
    Path text = CommandLineFixture.rhyme(folder);
    Path run = folder.resolve("run");
    assertThat(
            Script.kindling(
                    folder,
                    "train",
                    "--input",
                    text.toString(),
                    "--output",
                    run.toString(),
                    "model.layers=1",
                    "model.embedding=32",
                    "model.context=16",
                    "train.shards=4",
                    "train.steps=3")
                .exitCode())
        .isZero();

    List<String> printed = new ArrayList<>();
    for (String master : List.of("local[1]", "local[2]", "local-cluster[2,1,1024]")) {
      Script.Ended ended =
          Script.kindling(folder, "--master", master, "evaluate", "--model", run.toString());
      assertThat(ended.exitCode()).as(ended.err()).isZero();
      printed.add(ended.out());
    }
    assertThat(printed).containsOnly(printed.get(0));
    assertThat(printed.get(0)).startsWith("loss  ").contains("perplexity  ", "bits per character");
  }

  /** Of all tensors' names and bits. */
  private static String fingerprint(Path run) throws Exception {
    var digest = DigestUtils.getSha256Digest();
    try (InputStream in =
        Files.newInputStream(run.resolve("checkpoints/step-00000050/model.safetensors"))) {
      for (Map.Entry<String, Tensor> entry :
          new TreeMap<>(Safetensors.read(in).tensors()).entrySet()) {
        DigestUtils.updateDigest(digest, entry.getKey());
        for (float value : entry.getValue().values()) {
          DigestUtils.updateDigest(digest, Integer.toHexString(Float.floatToRawIntBits(value)));
        }
      }
    }
    return org.apache.commons.codec.binary.Hex.encodeHexString(digest.digest());
  }
}
