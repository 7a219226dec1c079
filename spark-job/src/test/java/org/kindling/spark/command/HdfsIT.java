package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.kindling.spark.command.CommandLineFixture.kindling;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.spark.tensorboard.EventReader;

/**
 * Text and runs in a real HDFS: a name node and two data nodes, in this JVM. Two is one less than
 * the copies that a client asks for, as on a small cluster, or on one with nodes down.
 */
@ExtendWith(CommandLineFixture.class)
class HdfsIT {
  @TempDir static java.nio.file.Path folder;

  private static MiniDFSCluster hdfs;
  private static FileSystem files;
  private static String root;

  @BeforeAll
  static void start() throws IOException {
    // They tell of every connection that a lost neighbour or a killed client breaks.
    Configurator.setLevel("org.apache.hadoop.hdfs.server", Level.OFF);
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    hdfs = new MiniDFSCluster.Builder(configuration).numDataNodes(2).build();
    files = hdfs.getFileSystem();
    root = files.getUri().toString();
    java.nio.file.Path rhyme = CommandLineFixture.rhyme(folder);
    files.copyFromLocalFile(new Path("file:" + rhyme), new Path("/text/rhyme.txt"));
  }

  @AfterAll
  static void stop() {
    hdfs.shutdown(true);
  }

  @Test
  void textIsReadThereAndARunIsWrittenContinuedAndUsedThere() throws IOException {
    java.nio.file.Path here = folder.resolve("local");
    CommandLineFixture.Result local =
        CommandLineFixture.train(folder.resolve("rhyme.txt"), here, "train.steps=20");
    assertThat(local.exitCode()).as(local.err()).isZero();

    String run = root + "/models/rhyme";
    CommandLineFixture.Result trained = train(run, "--tensorboard", "train.steps=12");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.err()).isEmpty();
    assertThat(trained.out()).contains("run " + run + ": ");
    assertThat(names("/models/rhyme"))
        .containsExactly(
            "best",
            "checkpoints",
            "config.conf",
            "latest",
            "metrics.jsonl",
            "report.html",
            "samples.jsonl",
            "tensorboard",
            "tokenizer.json");
    assertThat(text("/models/rhyme/latest")).isEqualTo("step-00000012\n");
    assertThat(text("/models/rhyme/metrics.jsonl").lines()).hasSize(3); // 5, 10, 12

    CommandLineFixture.Result resumed =
        kindling("train", "--resume", run, "--tensorboard", "train.steps=20");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("\ncontinuing %s from step 12\n".formatted(run));
    assertThat(text("/models/rhyme/latest")).isEqualTo("step-00000020\n");
    assertThat(text("/models/rhyme/metrics.jsonl").lines()).hasSize(5); // and 15, 20
    assertThat(text("/models/rhyme/report.html")).contains("</html>");
    List<EventReader.Read> events = new ArrayList<>();
    for (String name : names("/models/rhyme/tensorboard")) {
      events.addAll(EventReader.events(bytes("/models/rhyme/tensorboard/" + name)));
    }
    assertThat(EventReader.scalars(events, "loss/training")).hasSize(5);
    assertThat(bytes("/models/rhyme/checkpoints/step-00000020/model.safetensors"))
        .as("a constant learning rate: the run that never stopped, on a disk")
        .isEqualTo(
            java.nio.file.Files.readAllBytes(
                here.resolve("checkpoints/step-00000020/model.safetensors")));

    assertThat(kindling("evaluate", "--model", run).out()).startsWith("loss  ");
    for (String mode : new String[] {"error", "append", "overwrite", "append"}) {
      assertThat(completions(run, mode).err()).isEmpty();
    }
    assertThat(names("/completions"))
        .containsExactly("_SUCCESS", part(0), part(1), part(2), part(3));
    assertThat(text("/completions/" + part(3))).isEqualTo(text("/completions/" + part(1)));
    assertThat(completions(run, "error").err()).contains("--output", "exists").hasLineCount(1);
    assertThat(train(run).err())
        .startsWith("kindling: --output %s holds a run already: ".formatted(run));
    assertThat(train(run, "--overwrite", "train.steps=3").exitCode()).isZero();
    assertThat(names("/models/rhyme/checkpoints")).containsExactly("step-00000003");
    assertThat(names("/models/rhyme")).noneMatch(name -> name.startsWith("."));
  }

  private static CommandLineFixture.Result completions(String run, String mode) {
    return kindling(
        "generate",
        "--model=" + run,
        "--input=" + root + "/te*",
        "--output=" + root + "/completions",
        "--mode=" + mode,
        "--max-new-tokens=2");
  }

  private static String part(int number) {
    return "part-r-%05d.jsonl".formatted(number);
  }

  @Test
  void aNameNodeThatIsNotThereIsOneLine() {
    System.setProperty("spark.hadoop.ipc.client.connect.max.retries", "0"); // ten seconds otherwise
    CommandLineFixture.Result refused;
    try {
      refused =
          kindling(
              "train", "--input", "hdfs://127.0.0.1:1/text", "--output", "hdfs://127.0.0.1:1/x");
    } finally {
      System.clearProperty("spark.hadoop.ipc.client.connect.max.retries");
    }

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).startsWith("kindling: ").contains("127.0.0.1").hasLineCount(1);
  }

  /** The one that is left has every block, and takes what is written from then on. */
  @Test
  void aDataNodeIsLostInTheMiddle() throws Exception {
    assumeTrue(FaultyRun.isLong(), "takes a minute or more; -Dkindling.faults=long");
    String run = root + "/models/undisturbed";
    assertThat(train(run, "train.steps=300", "train.log-every=1").exitCode()).isZero();

    String output = root + "/models/disturbed";
    Thread disturbing = new Thread(() -> stopADataNodeAfter("/models/disturbed/metrics.jsonl", 50));
    disturbing.start();
    CommandLineFixture.Result disturbed = train(output, "train.steps=300", "train.log-every=1");
    disturbing.interrupt(); // it would wait forever for a training that ended before
    disturbing.join();

    assertThat(disturbed.exitCode()).as(disturbed.err()).isZero();
    assertThat(hdfs.getDataNodes()).hasSize(1);
    assertThat(bytes("/models/disturbed/checkpoints/step-00000300/model.safetensors"))
        .isEqualTo(bytes("/models/undisturbed/checkpoints/step-00000300/model.safetensors"));
    assertThat(text("/models/disturbed/metrics.jsonl").lines()).hasSize(300);
  }

  private static void stopADataNodeAfter(String metrics, int steps) {
    try {
      while (!files.exists(new Path(metrics)) || text(metrics).lines().count() < steps) {
        Thread.sleep(20);
      }
      hdfs.stopDataNode(0);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static CommandLineFixture.Result train(String output, String... more) {
    return CommandLineFixture.train(root + "/text/*.txt", output, more);
  }

  private static List<String> names(String directory) throws IOException {
    return Arrays.stream(files.listStatus(new Path(directory)))
        .map(status -> status.getPath().getName())
        .sorted()
        .toList();
  }

  private static byte[] bytes(String file) throws IOException {
    try (InputStream in = files.open(new Path(file))) {
      return in.readAllBytes();
    }
  }

  private static String text(String file) throws IOException {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }
}
