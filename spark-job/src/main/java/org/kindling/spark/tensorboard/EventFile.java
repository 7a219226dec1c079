package org.kindling.spark.tensorboard;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.io.IOUtils;
import org.kindling.spark.files.WholeFiles;

/**
 * A file of events that is being written: {@code events.out.tfevents.1763740000.kindling}, where
 * the number is the time of its start. TensorBoard reads a folder's files in the order of their
 * names, and waits for more at the end of the last one.
 *
 * <p>Life: {@link #begin}, any number of {@link #append} with {@link #flush}, and {@link #close}
 * or, behind a failure, {@link #abandon}.
 */
final class EventFile {
  private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d+)\\..*");

  private final Path path;
  private final FSDataOutputStream out;

  private EventFile(Path path, FSDataOutputStream out) {
    this.path = path;
    this.out = out;
  }

  /**
   * Starts a file behind all those that the folder has.
   *
   * @param millis the time now, since 1970; a name takes a later one where another driver's clock
   *     was ahead
   */
  static EventFile begin(WholeFiles files, Path folder, long millis) throws IOException {
    files.createDirectory(folder);
    long time = Math.max(millis / 1000, last(files.names(folder)) + 1);
    Path path =
        new Path(folder, String.format(Locale.ROOT, "events.out.tfevents.%010d.kindling", time));
    EventFile file = new EventFile(path, files.create(path));
    try {
      file.append(Event.version(millis / 1e3));
      return file;
    } catch (IOException e) {
      file.abandon();
      throw e;
    }
  }

  private static long last(List<String> names) {
    return names.stream()
        .map(NAME::matcher)
        .filter(Matcher::matches)
        .mapToLong(name -> Long.parseLong(name.group(1)))
        .max()
        .orElse(0);
  }

  void append(Event event) throws IOException {
    Records.write(out, event.bytes());
  }

  /** Shows readers what was appended, where {@link #showsBeforeItsEnd}. */
  void flush() throws IOException {
    out.hflush();
  }

  /** False for an object store's file, which is there from its {@link #close} on. */
  boolean showsBeforeItsEnd() {
    return out.hasCapability(StreamCapabilities.HFLUSH);
  }

  void close() throws IOException {
    out.close();
  }

  /** Closes as far as that goes. */
  void abandon() {
    IOUtils.closeStream(out);
  }

  @Override
  public String toString() {
    return WholeFiles.show(path);
  }
}
