package org.kindling.spark.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code metrics.jsonl}: a JSON object a line. Each line is visible to readers when {@link #append}
 * returns, so {@code tail -f} works, on file systems that can append. Others (object stores) get
 * the whole file at each {@link #flush}.
 *
 * <p>Life: {@link RunDirectory#startMetrics} or {@link RunDirectory#resumeMetrics}, any number of
 * appends, with a flush at each checkpoint, close.
 */
public final class MetricsLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsLog.class);
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final RunFiles files;
  private final Path file;

  /** Null where the file system cannot append. */
  private final FSDataOutputStream stream;

  /** The whole file where there is no stream. */
  private final StringBuilder text;

  private boolean dirty;

  private MetricsLog(RunFiles files, Path file, FSDataOutputStream stream, StringBuilder text) {
    this.files = files;
    this.file = file;
    this.stream = stream;
    this.text = text;
  }

  static MetricsLog start(RunFiles files, Path file) {
    return open(files, file, "");
  }

  static MetricsLog resume(RunFiles files, Path file, int step) {
    StringBuilder kept = new StringBuilder();
    for (String line : lines(files, file)) {
      if (parse(file, line).filter(metrics -> metrics.step() <= step).isPresent()) {
        kept.append(line).append('\n');
      }
    }
    return open(files, file, kept.toString());
  }

  static List<Metrics> read(RunFiles files, Path file) {
    List<Metrics> all = new ArrayList<>();
    for (String line : lines(files, file)) {
      parse(file, line).ifPresent(all::add);
    }
    return all;
  }

  /** Adds a line. */
  public void append(Metrics metrics) {
    try {
      String line = JSON.writeValueAsString(metrics) + "\n";
      if (stream == null) {
        text.append(line);
        dirty = true;
      } else {
        stream.write(line.getBytes(UTF_8));
        stream.hflush();
      }
    } catch (IOException e) {
      throw RunFiles.failed("write", file, e);
    }
  }

  /** Makes all lines visible, on any file system. */
  public void flush() {
    try {
      if (dirty) {
        files.writeText(file, text.toString());
        dirty = false;
      }
    } catch (IOException e) {
      throw RunFiles.failed("write", file, e);
    }
  }

  @Override
  public void close() {
    flush();
    try {
      if (stream != null) {
        stream.close();
      }
    } catch (IOException e) {
      throw RunFiles.failed("close", file, e);
    }
  }

  private static MetricsLog open(RunFiles files, Path file, String text) {
    try {
      files.writeText(file, text);
    } catch (IOException e) {
      throw RunFiles.failed("write", file, e);
    }
    try {
      return new MetricsLog(files, file, files.append(file), new StringBuilder());
    } catch (UnsupportedOperationException | IOException e) {
      // An object store cannot append; a small HDFS may refuse to.
      LOG.info(
          "{}: written at checkpoints only, as its file system does not append: {}",
          RunFiles.show(file),
          e.getMessage());
      return new MetricsLog(files, file, null, new StringBuilder(text));
    }
  }

  private static List<String> lines(RunFiles files, Path file) {
    try {
      return files.readText(file).lines().toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw RunFiles.failed("read", file, e);
    }
  }

  /** Empty for a line that a dying process wrote half. */
  private static Optional<Metrics> parse(Path file, String line) {
    try {
      return Optional.of(JSON.readValue(line, Metrics.class));
    } catch (JsonProcessingException e) {
      LOG.warn("{}: left out a damaged line: {}", RunFiles.show(file), line);
      return Optional.empty();
    }
  }
}
