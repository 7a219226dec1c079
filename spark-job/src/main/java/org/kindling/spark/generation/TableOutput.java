package org.kindling.spark.generation;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.InputException;
import org.kindling.spark.files.FileSystems;
import org.kindling.spark.files.WholeFiles;
import org.kindling.spark.run.RunDirectory;
import org.kindling.spark.settings.NearestName;

/**
 * The folder that a table is written to. The job writes into one beside it, {@code .NAME.tmp},
 * which takes its place, or whose files join it, once the job has ended well: whatever was there
 * before stays until then, and for good if the job fails.
 */
final class TableOutput {
  private static final String SUCCESS = "_SUCCESS";

  /** What Hadoop and Spark put beside parts. */
  private static final Pattern BESIDE = Pattern.compile("_.*|\\..*\\.crc");

  /** Hadoop writes numbers in the digits of an executor's locale. */
  private static final Pattern PART =
      Pattern.compile("part-(?:r-)?(\\d{1,9})(\\D.*)?", Pattern.UNICODE_CHARACTER_CLASS);

  /** What becomes of a table that is there already, as in Spark. */
  enum Mode {
    /** It is refused. */
    ERROR,
    /** It is replaced. */
    OVERWRITE,
    /** It gets further files, which come behind its own in the order of names. */
    APPEND;

    /** The mode of an option's value. */
    static Mode of(String label) {
      List<String> labels =
          Arrays.stream(values()).map(mode -> mode.name().toLowerCase(Locale.ROOT)).toList();
      if (!labels.contains(label)) {
        throw new InputException(
            "--mode %s: must be one of %s%s"
                .formatted(label, String.join(", ", labels), NearestName.asked(label, labels)));
      }
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  private final String given;
  private final Path path;
  private final WholeFiles files;
  private final Mode mode;

  private TableOutput(String given, Path path, WholeFiles files, Mode mode) {
    this.given = given;
    this.path = path;
    this.files = files;
    this.mode = mode;
  }

  /**
   * A folder that is to be written. Nothing is changed yet, but that the table comes back which a
   * process that died was about to replace.
   *
   * @param inputs files that are read, which an output must not replace
   * @param ending of the parts' names
   * @throws InputException if it must not be written
   */
  static TableOutput at(
      String output, Mode mode, List<String> inputs, String ending, Configuration hadoop) {
    try {
      Path given = new Path(output);
      WholeFiles files = WholeFiles.of(given, hadoop);
      TableOutput table = new TableOutput(output, files.qualify(given), files, mode);
      files.putBack(table.path);
      table.check(inputs, ending);
      return table;
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException("cannot write %s: %s".formatted(output, e.getMessage()), e);
    }
  }

  private void check(List<String> inputs, String ending) throws IOException {
    if (path.getParent() == null) {
      throw new InputException("--output %s: must be a folder of its own".formatted(given));
    }
    for (Path p = path.getParent(); p != null; p = p.getParent()) {
      if (files.exists(p)) {
        if (!files.isDirectory(p)) {
          throw new InputException(
              "--output %s: %s is a file".formatted(given, WholeFiles.show(p)));
        }
        break;
      }
    }
    if (!files.exists(path)) {
      return;
    }
    if (mode == Mode.ERROR) {
      throw new InputException(
          "--output %s exists: choose another name, or --mode overwrite or append"
              .formatted(given));
    }
    if (!files.isDirectory(path)) {
      throw new InputException("--output %s is a file, not a directory".formatted(given));
    }
    if (files.exists(new Path(path, RunDirectory.CONFIG))) {
      throw new InputException(
          "--output %s holds a run: choose another directory".formatted(given));
    }
    String real = FileSystems.real(path) + "/";
    for (String input : inputs) {
      if (mode == Mode.OVERWRITE && (FileSystems.real(new Path(input)) + "/").startsWith(real)) {
        throw new InputException(
            "--output %s holds the input %s: it cannot be replaced by what is made of it"
                .formatted(given, input));
      }
    }
    for (String name : files.names(path)) {
      if (PART.matcher(name).matches()) {
        if (mode == Mode.APPEND && !name.endsWith(ending)) {
          throw new InputException(
              "--output %s holds %s, and this job writes %s: choose another directory"
                  .formatted(given, name, ending));
        }
      } else if (!BESIDE.matcher(name).matches()) {
        throw new InputException(
            "--output %s holds %s, which is no part of a table: choose another directory"
                .formatted(given, name));
      }
    }
  }

  /**
   * Lets someone write the table into another folder, then gives it its place.
   *
   * @param writing gets a folder that is not there yet
   */
  void write(Consumer<String> writing) {
    Path aside = WholeFiles.aside(path);
    try {
      files.delete(aside);
      try {
        writing.accept(aside.toString());
        if (!files.exists(path)) {
          files.move(aside, path);
        } else if (mode == Mode.APPEND) {
          append(aside);
        } else {
          replace(aside);
        }
      } finally {
        files.delete(aside);
      }
    } catch (IOException e) {
      throw WholeFiles.failed("write", path, e);
    }
  }

  private void replace(Path aside) throws IOException {
    if (mode == Mode.ERROR) { // it has come since the job began
      throw new InputException("--output %s exists now: nothing was written".formatted(given));
    }
    files.replaceFolder(aside, path);
  }

  /** Parts get numbers behind those that are there, so that names are in the order of rows. */
  private void append(Path aside) throws IOException {
    int next = 0;
    for (String name : files.names(path)) {
      // Readers would compare a new part with the checksums of one that was removed.
      Matcher part = PART.matcher(name.replaceFirst("^\\.(.*)\\.crc$", "$1"));
      next = part.matches() ? Math.max(next, Integer.parseInt(part.group(1)) + 1) : next;
    }
    for (String name : files.names(aside)) {
      Matcher part = PART.matcher(name);
      if (part.matches()) {
        files.move(new Path(aside, name), new Path(path, partName(name, part, next++)));
      }
    }
    Path success = new Path(path, SUCCESS);
    if (!files.exists(success)) {
      files.writeText(success, "");
    }
  }

  private static String partName(String name, Matcher part, int number) {
    String rest = part.group(2) == null ? "" : part.group(2);
    return name.substring(0, part.start(1)) + String.format(Locale.ROOT, "%05d", number) + rest;
  }

  /** The folder as users write it. */
  @Override
  public String toString() {
    return WholeFiles.show(path);
  }
}
