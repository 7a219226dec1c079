package org.kindling.spark.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Runs the scripts in processes of their own, on Spark's jars from the build. */
final class Script {
  private static final Path HOME = Path.of("").toAbsolutePath().getParent();
  private static final long PATIENCE_SECONDS = 180;

  /**
   * Options of Spark's for a driver and executors that live for seconds: without the optimizing
   * compiler, they take less of the processors, and compute the same.
   */
  static final List<String> SHORT_LIVED =
      List.of(
          "--driver-java-options=-XX:TieredStopAtLevel=1",
          "--conf=spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1");

  private static final List<Process> ALL = new CopyOnWriteArrayList<>();

  static {
    // A test that fails does not wait for what it started.
    Runtime.getRuntime().addShutdownHook(new Thread(Script::endAll));
  }

  private Script() {}

  private static void endAll() {
    for (Process process : ALL) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** How a process ended, and what it wrote. */
  record Ended(int exitCode, String out, String err) {}

  /** Something that a process brings about. */
  interface Condition {
    boolean holds() throws IOException;
  }

  /** A process that runs. */
  record Started(Process process, List<String> command, Path out, Path err) {
    /** Waits for its end. */
    Ended await() throws IOException, InterruptedException {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "%s did not end:%n%s%s"
                .formatted(command, Files.readString(out), Files.readString(err)));
      }
      return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Waits until something has happened, which must be while it runs. */
    void awaitUntil(Condition happened) throws IOException, InterruptedException {
      long start = System.nanoTime();
      while (!happened.holds()) {
        if (!process.isAlive() || System.nanoTime() - start > PATIENCE_SECONDS * 1e9) {
          throw new AssertionError("nothing happened: " + await());
        }
        Thread.sleep(1);
      }
    }

    /** The executors of a local cluster, which are its own processes. */
    List<ProcessHandle> executors() {
      return process.descendants().filter(Script::isExecutor).toList();
    }

    /** Sends Ctrl-C's signal to all processes of its group, as a terminal does. */
    void interruptGroup() throws IOException, InterruptedException {
      signal("INT", "-" + process.pid());
    }

    /** Ends it, as {@link #kill} does, at a moment when something holds that may pass at once. */
    void killWhile(Condition holding) throws IOException, InterruptedException {
      awaitUntil(holding);
      signal("STOP", Long.toString(process.pid()));
      while (!holding.holds()) {
        signal("CONT", Long.toString(process.pid()));
        awaitUntil(holding);
        signal("STOP", Long.toString(process.pid()));
      }
      kill();
    }

    private static void signal(String name, String to) throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-" + name, "--", to).start().waitFor();
    }

    /** Ends it as a crash does, with SIGKILL: nothing is tidied up. */
    void kill() throws InterruptedException {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  /** Runs {@code scripts/kindling ARGS} in a folder. */
  static Ended kindling(Path folder, String... args) throws IOException, InterruptedException {
    return start(folder, args).await();
  }

  /** The same with a file's content at standard input. */
  static Ended kindling(Path folder, Path input, String... args)
      throws IOException, InterruptedException {
    return start(folder, input, script("kindling", args)).await();
  }

  /** Begins {@code scripts/kindling ARGS} in a folder; its process becomes the driver's. */
  static Started start(Path folder, String... args) throws IOException {
    return start(folder, Files.createTempFile(folder, "in", ".txt"), script("kindling", args));
  }

  /**
   * The same in a process group of its own, as a terminal starts a command; what the command
   * starts, such as executors, is in the group, too.
   */
  static Started startAsGroup(Path folder, String... args) throws IOException {
    // If the build runs in the background of a script, it ignores Ctrl-C, and so would this.
    List<String> command = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT"));
    command.addAll(script("kindling", args));
    return start(folder, Files.createTempFile(folder, "in", ".txt"), command);
  }

  /** Runs {@code scripts/cluster ARGS}. */
  static Ended cluster(Path folder, String... args) throws IOException, InterruptedException {
    Path noInput = Files.createTempFile(folder, "in", ".txt");
    return start(folder, noInput, script("cluster", args)).await();
  }

  /** Runs lines of Bash; {@code $0} is scripts/kindling, {@code $1} and so on are {@code args}. */
  static Ended bash(Path folder, List<String> before, String lines, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of("bash", "-c", lines, HOME + "/scripts/kindling"));
    command.addAll(Arrays.asList(args));
    return start(folder, Files.createTempFile(folder, "in", ".txt"), command).await();
  }

  /** Whether a process is an executor of Spark's. */
  static boolean isExecutor(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
          .contains("CoarseGrainedExecutorBackend");
    } catch (IOException e) {
      return false; // it has just ended
    }
  }

  private static List<String> script(String name, String... args) {
    List<String> command = new ArrayList<>(List.of("bash", HOME + "/scripts/" + name));
    command.addAll(Arrays.asList(args));
    return command;
  }

  private static Started start(Path folder, Path input, List<String> command) throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(input.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(Map.of("LC_ALL", "C", "LANG", "C"));
    // The build has just made the jar. A younger source is no reason to start another build in it.
    builder.environment().put("KINDLING_NO_BUILD", "1");
    builder.environment().remove("SPARK_HOME");
    builder.environment().remove("SPARK_CONF_DIR");
    builder.environment().remove("JAVA_TOOL_OPTIONS"); // the JVM announces it on standard error
    Process process = builder.start();
    ALL.add(process);
    return new Started(process, command, out, err);
  }
}
