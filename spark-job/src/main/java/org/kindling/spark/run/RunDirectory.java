package org.kindling.spark.run;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.InputException;
import org.kindling.spark.files.WholeFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one run.
 *
 * <pre>
 * config.conf      every resolved setting
 * tokenizer.json
 * checkpoints/     see {@link CheckpointStore}
 * latest, best     one line each: the checkpoint's name
 * metrics.jsonl    see {@link MetricsLog}
 * samples.jsonl    what the model wrote at evaluations
 * report.html
 * tensorboard/     event files, where they were asked for
 * </pre>
 *
 * <p>Life: {@link #refuseTaken} as soon as the output is known, {@link #create} once the first
 * files' contents are, or {@link #open} for a run that is there; then any of the other methods.
 * Errors are InputExceptions with the path.
 */
public final class RunDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);

  /** The file of settings, by which a run is known. */
  public static final String CONFIG = "config.conf";

  static final String TOKENIZER = "tokenizer.json";
  static final String CHECKPOINTS = "checkpoints";
  static final String METRICS = "metrics.jsonl";
  static final String SAMPLES = "samples.jsonl";
  static final String REPORT = "report.html";

  /** The folder of event files, for those who write them. */
  public static final String EVENTS = "tensorboard";

  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private final WholeFiles files;
  private final Path path;

  RunDirectory(WholeFiles files, Path path) {
    this.files = files;
    this.path = path;
  }

  /**
   * Refuses an output directory that a new run may not have: one that holds a run, unless {@code
   * overwrite}, and any other that is not empty. Changes nothing.
   */
  public static void refuseTaken(String output, boolean overwrite, Configuration configuration) {
    NewRun.at(output, configuration).refuseTaken(overwrite);
  }

  /**
   * Starts a run's directory with its settings and tokenizer.
   *
   * <p>With {@code overwrite}, the run that was there is moved aside first and deleted once the new
   * one stands; if that fails, it is put back. Files that are not a run's stay.
   *
   * @param output a directory of any Hadoop file system, absent, empty or (with {@code overwrite})
   *     holding a run
   */
  public static RunDirectory create(
      String output,
      boolean overwrite,
      String config,
      String tokenizerJson,
      Configuration configuration) {
    return NewRun.at(output, configuration).create(overwrite, config, tokenizerJson);
  }

  /**
   * Makes an empty local folder for a run that was given no output: {@code
   * runs/20260131-235959-PRESET} in the working directory, with {@code -2}, {@code -3}, ...
   * appended where that is taken.
   *
   * @return its absolute {@code file:} path
   */
  public static String freshFolder(String preset) {
    return freshFolder(
        java.nio.file.Path.of("runs"),
        LocalDateTime.now(ZoneId.systemDefault()).format(STAMP) + "-" + preset);
  }

  static String freshFolder(java.nio.file.Path parent, String name) {
    try {
      Files.createDirectories(parent);
      for (int attempt = 1; ; attempt++) {
        java.nio.file.Path folder = parent.resolve(attempt == 1 ? name : name + "-" + attempt);
        try {
          // Not toUri(): Hadoop takes a path's text as it is and decodes no %20.
          return "file://" + Files.createDirectory(folder).toAbsolutePath();
        } catch (FileAlreadyExistsException e) {
          LOG.debug("{} is taken: another run started within the same second", folder);
        }
      }
    } catch (IOException e) {
      throw WholeFiles.failed("create a run under", new Path(parent.toUri()), e);
    }
  }

  /** An existing run; InputException says what is missing where {@code directory} is none. */
  public static RunDirectory open(String directory, Configuration configuration) {
    Path path = parse(directory);
    try {
      WholeFiles files = WholeFiles.of(path, configuration);
      path = files.qualify(path);
      if (!files.isDirectory(path)) {
        throw new InputException(
            "%s is not a run: there is no such directory".formatted(directory));
      }
      List<String> missing = new ArrayList<>();
      for (String name : List.of(CONFIG, TOKENIZER, CHECKPOINTS)) {
        if (!files.exists(new Path(path, name))) {
          missing.add(name);
        }
      }
      if (!missing.isEmpty()) {
        throw new InputException(
            "%s is not a run: it has no %s".formatted(directory, String.join(", no ", missing)));
      }
      return new RunDirectory(files, path);
    } catch (IOException e) {
      throw WholeFiles.failed("open", path, e);
    }
  }

  /** A directory's path, as the user wrote it; InputException where it is none. */
  public static Path parse(String directory) {
    try {
      return new Path(directory);
    } catch (IllegalArgumentException e) {
      throw new InputException("'%s' is not a path: %s".formatted(directory, e.getMessage()), e);
    }
  }

  /** The directory, with scheme. */
  public Path path() {
    return path;
  }

  /** The text of {@code config.conf}. */
  public String config() {
    return read(CONFIG);
  }

  /** Replaces {@code config.conf}, as when a run is resumed with more steps. */
  public void writeConfig(String config) {
    write(CONFIG, config);
  }

  /** The text of {@code tokenizer.json}. */
  public String tokenizerJson() {
    return read(TOKENIZER);
  }

  /** Writes {@code report.html}. */
  public void writeReport(String html) {
    write(REPORT, html);
  }

  /** Writes {@code samples.jsonl}. */
  public void writeSamples(List<Sample> samples) {
    SampleFile.write(files, new Path(path, SAMPLES), samples);
  }

  /** All lines of {@code samples.jsonl}; none where the file is missing. */
  public List<Sample> readSamples() {
    return SampleFile.read(files, new Path(path, SAMPLES));
  }

  /** The run's checkpoints. */
  public CheckpointStore checkpoints() {
    return new CheckpointStore(files, path);
  }

  /** An empty {@code metrics.jsonl}. */
  public MetricsLog startMetrics() {
    return MetricsLog.start(files, new Path(path, METRICS));
  }

  /**
   * {@code metrics.jsonl} without the lines of later steps than {@code step}, which will be trained
   * again.
   */
  public MetricsLog resumeMetrics(int step) {
    return MetricsLog.resume(files, new Path(path, METRICS), step);
  }

  /** All lines of {@code metrics.jsonl}; none where the file is missing. */
  public List<Metrics> readMetrics() {
    return MetricsLog.read(files, new Path(path, METRICS));
  }

  private String read(String name) {
    Path file = new Path(path, name);
    try {
      return files.readText(file);
    } catch (IOException e) {
      throw WholeFiles.failed("read", file, e);
    }
  }

  private void write(String name, String text) {
    Path file = new Path(path, name);
    try {
      files.writeText(file, text);
    } catch (IOException e) {
      throw WholeFiles.failed("write", file, e);
    }
  }

  /** The directory as a later command takes it. */
  @Override
  public String toString() {
    return files.argument(path);
  }
}
