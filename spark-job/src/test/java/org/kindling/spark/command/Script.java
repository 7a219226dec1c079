package org.kindling.spark.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs scripts/kindling in a process of its own, on Spark's jars from the build. */
final class Script {
  private static final Path HOME = Path.of("").toAbsolutePath().getParent();
  private static final long PATIENCE_SECONDS = 180;

  private Script() {}

  /** How a process ended, and what it wrote. */
  record Ended(int exitCode, String out, String err) {}

  /** Runs {@code scripts/kindling ARGS} in a folder. */
  static Ended kindling(Path folder, String... args) throws IOException, InterruptedException {
    return kindling(folder, Files.createTempFile(folder, "in", ".txt"), args);
  }

  /** The same with a file's content at standard input. */
  static Ended kindling(Path folder, Path input, String... args)
      throws IOException, InterruptedException {
    // The build has just made the jar. A younger source is no reason to start another build in it.
    Files.setLastModifiedTime(
        HOME.resolve("spark-job/target/kindling.jar"), FileTime.from(Instant.now()));
    List<String> command = new ArrayList<>(List.of("bash", HOME + "/scripts/kindling"));
    command.addAll(Arrays.asList(args));
    File out = Files.createTempFile(folder, "out", ".txt").toFile();
    File err = Files.createTempFile(folder, "err", ".txt").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(input.toFile())
            .redirectOutput(out)
            .redirectError(err);
    builder.environment().putAll(Map.of("LC_ALL", "C", "LANG", "C"));
    builder.environment().remove("SPARK_HOME");
    builder.environment().remove("SPARK_CONF_DIR");
    builder.environment().remove("JAVA_TOOL_OPTIONS"); // the JVM announces it on standard error
    Process process = builder.start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          "%s did not end:%n%s%s"
              .formatted(command, Files.readString(out.toPath()), Files.readString(err.toPath())));
    }
    return new Ended(
        process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
  }
}
