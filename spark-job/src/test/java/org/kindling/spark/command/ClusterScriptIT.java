package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scripts/cluster refuses, in one line each; {@link ClusterFaultsIT} has it start one. */
class ClusterScriptIT {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "start --workers,             --workers needs a value",
    "start --workers 0,           --workers 0: must be 1 to 254",
    "start --cores=two,           --cores two: must be a whole number from 1",
    "start --memory 2,            '--memory 2: must be a number with m or g, such as 2g'",
    "start --port 70000,          --port 70000: must be 1 to 65535",
    "start --wokers 2,            unknown option --wokers; try 'scripts/cluster --help'",
    "begin,                       'unknown command begin: start, status or stop'",
    "'',                          'a command is missing: start, status or stop'",
    "start stop,                  one command at a time: start or stop",
  })
  void wrongWords(String words, String message) throws Exception {
    Script.Ended ended = cluster(words.isEmpty() ? new String[0] : words.split(" "));

    assertThat(ended.err()).isEqualTo("cluster: " + message + "\n");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void aPortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Script.Ended ended = cluster("start", "--port=" + taken.getLocalPort());

      assertThat(ended.err())
          .isEqualTo(
              "cluster: port %d is taken: choose another with --port%n"
                  .formatted(taken.getLocalPort()));
      assertThat(ended.exitCode()).isEqualTo(2);
    }
    assertThat(folder.resolve("cluster")).doesNotExist();
  }

  @Test
  void aFolderThatHoldsOtherThingsIsLeftAlone() throws Exception {
    Path other = Files.createDirectories(folder.resolve("cluster/work")).resolve("thesis.txt");
    Files.writeString(other, "mine");

    assertThat(cluster("start", "--port=1").err())
        .isEqualTo("cluster: --folder %s is not empty\n".formatted(folder.resolve("cluster")));
    assertThat(cluster("stop").out()).isEqualTo("no cluster runs\n");
    assertThat(other).hasContent("mine");
  }

  @Test
  void withoutACluster() throws Exception {
    assertThat(cluster("status").out()).isEqualTo("no cluster runs\n");
    assertThat(cluster("stop").out()).isEqualTo("no cluster runs\n");
    assertThat(cluster("--help").out()).startsWith("A real Spark standalone cluster ");
  }

  private Script.Ended cluster(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("--folder=" + folder.resolve("cluster")));
    all.addAll(Arrays.asList(words));
    return Script.cluster(folder, all.toArray(String[]::new));
  }
}
