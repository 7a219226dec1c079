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
import org.apache.hadoop.io.IOUtils;
import org.kindling.spark.files.WholeFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code metrics.jsonl}: a JSON object a line. Each line is visible to readers when {@link #append}
 * returns, so {@code tail -f} works, on file systems that can append. Others (object stores) get
 * the whole file at each {@link #flush}, and so does one that cannot append any more, as HDFS when
 * the nodes that hold the file's end are gone.
 *
 * <p>Life: {@link RunDirectory#startMetrics} or {@link RunDirectory#resumeMetrics}, any number of
 * appends, with a flush at each checkpoint, close.
 */
public final class MetricsLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsLog.class);
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final WholeFiles files;
  private final Path file;

  /** Null where the file system cannot append, or cannot any more. */
  private FSDataOutputStream stream;

  /** The whole file, for want of a stream or for when it breaks. */
  private final StringBuilder text;

  private boolean dirty;

  private MetricsLog(WholeFiles files, Path file, FSDataOutputStream stream, StringBuilder text) {
    this.files = files;
    this.file = file;
    this.stream = stream;
    this.text = text;
  }

  static MetricsLog start(WholeFiles files, Path file) {
    return open(files, file, "");
  }

  static MetricsLog resume(WholeFiles files, Path file, int step) {
    StringBuilder kept = new StringBuilder();
    for (String line : lines(files, file)) {
      if (parse(file, line).filter(metrics -> metrics.step() <= step).isPresent()) {
        kept.append(line).append('\n');
      }
    }
    return open(files, file, kept.toString());
  }

  static List<Metrics> read(WholeFiles files, Path file) {
    List<Metrics> all = new ArrayList<>();
    for (String line : lines(files, file)) {
      parse(file, line).ifPresent(all::add);
    }
    return all;
  }

  /** Adds a line. */
  public void append(Metrics metrics) {
    String line;
    try {
      line = JSON.writeValueAsString(metrics) + "\n";
    } catch (JsonProcessingException e) {
      throw WholeFiles.failed("write", file, e);
    }
    text.append(line);
    if (stream == null) {
      dirty = true;
      return;
    }
    try {
      stream.write(line.getBytes(UTF_8));
      stream.hflush();
    } catch (IOException e) {
      giveUpStream(e);
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
      throw WholeFiles.failed("write", file, e);
    }
  }

  @Override
  public void close() {
    if (stream != null) {
      try {
        stream.close();
        stream = null;
      } catch (IOException e) {
        giveUpStream(e);
      }
    }
    flush();
  }

  /** Writes the whole file anew; if that fails too, the file system is to blame, not the stream. */
  private void giveUpStream(IOException e) {
    LOG.warn(
        "{}: written at checkpoints only from here on, as its file system does not append any"
            + " more: {}",
        WholeFiles.show(file),
        e.getMessage());
    IOUtils.closeStream(stream);
    stream = null;
    dirty = true;
    flush();
  }

  private static MetricsLog open(WholeFiles files, Path file, String text) {
    try {
      files.writeText(file, text);
    } catch (IOException e) {
      throw WholeFiles.failed("write", file, e);
    }
    try {
      return new MetricsLog(files, file, files.append(file), new StringBuilder(text));
    } catch (UnsupportedOperationException | IOException e) {
      // An object store cannot append; a small HDFS may refuse to.
      LOG.info(
          "{}: written at checkpoints only, as its file system does not append: {}",
          WholeFiles.show(file),
          e.getMessage());
      return new MetricsLog(files, file, null, new StringBuilder(text));
    }
  }

  private static List<String> lines(WholeFiles files, Path file) {
    try {
      return files.readText(file).lines().toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw WholeFiles.failed("read", file, e);
    }
  }

  private static Optional<Metrics> parse(Path file, String line) {
    return JsonLine.parse(JSON, Metrics.class, file, line);
  }
}
