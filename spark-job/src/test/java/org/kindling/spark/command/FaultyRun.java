package org.kindling.spark.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A run that is to be disturbed: long enough that something can happen in its middle, with
 * checkpoints of several megabytes.
 *
 * @param folder an empty one for the run's directory and files of the test
 * @param master of Spark
 * @param spark further options of spark-submit
 */
record FaultyRun(Path folder, String master, List<String> spark) {
  static final int STEPS = 40;

  /** Whether {@code -Dkindling.faults=long} asks for the tests that take minutes. */
  static boolean isLong() {
    return "long".equals(System.getProperty("kindling.faults"));
  }

  static FaultyRun in(Path parent, String master, String... spark) throws IOException {
    return new FaultyRun(
        Files.createTempDirectory(parent, "run"), master, new ArrayList<>(Arrays.asList(spark)));
  }

  /** What a run of its kind trains, as words of the command line. */
  static List<String> training(Path text, String output) {
    return List.of(
        "train",
        "--input=" + text,
        "--output=" + output,
        "model.layers=1",
        "model.heads=2",
        "model.embedding=256",
        "model.context=16",
        "model.dropout=0.1",
        "train.batch-size=16",
        "train.shards=4",
        "train.steps=" + STEPS,
        "train.log-every=1",
        "train.eval-every=20",
        "train.checkpoint-every=10",
        "train.keep-last=100");
  }

  Path directory() {
    return folder.resolve("output");
  }

  Script.Started start(Path text, String... settings) throws IOException {
    List<String> words = new ArrayList<>(training(text, directory().toString()));
    words.addAll(Arrays.asList(settings));
    return start(words);
  }

  Script.Started resume(String... settings) throws IOException {
    List<String> words = new ArrayList<>(List.of("train", "--resume=" + directory()));
    words.addAll(Arrays.asList(settings));
    return start(words);
  }

  private Script.Started start(List<String> command) throws IOException {
    List<String> words = new ArrayList<>(List.of("--master", master));
    words.addAll(Script.SHORT_LIVED);
    words.addAll(spark);
    words.addAll(command);
    return Script.start(folder, words.toArray(String[]::new));
  }

  /** The bytes of the last checkpoint's tensors: weights, and the optimizer's moments. */
  List<String> result() throws IOException {
    return result(directory());
  }

  static List<String> result(Path directory) throws IOException {
    Path last = directory.resolve("checkpoints/step-%08d".formatted(STEPS));
    List<String> digests = new ArrayList<>();
    for (String name : List.of("model.safetensors", "optimizer.safetensors")) {
      byte[] bytes = Files.readAllBytes(last.resolve(name));
      digests.add(name + " " + org.apache.commons.codec.digest.DigestUtils.sha256Hex(bytes));
    }
    return digests;
  }

  /** Waits until that many steps are in metrics.jsonl. */
  void awaitStep(Script.Started run, int step) throws IOException, InterruptedException {
    run.awaitUntil(() -> steps(directory()) >= step);
  }

  /** Names of checkpoints that are being written, or that a process has left so. */
  List<String> hidden() {
    return names(directory().resolve("checkpoints")).filter(name -> name.startsWith(".")).toList();
  }

  /** How many lines metrics.jsonl has, which is the number of steps if each is logged. */
  static long steps(Path run) {
    try (Stream<String> lines = Files.lines(run.resolve("metrics.jsonl"))) {
      return lines.count();
    } catch (IOException e) {
      return 0; // not there yet
    }
  }

  private static Stream<String> names(Path directory) {
    String[] names = directory.toFile().list();
    return names == null ? Stream.empty() : Arrays.stream(names);
  }
}
