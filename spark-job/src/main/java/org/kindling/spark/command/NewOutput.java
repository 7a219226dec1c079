package org.kindling.spark.command;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.InputException;
import org.kindling.spark.files.WholeFiles;
import org.kindling.spark.tokenizing.EncodedParts;

/**
 * What {@code --output} names: a file, or a folder of parts, that appears whole or not at all. What
 * is there already is refused, or replaced with {@code --overwrite}.
 */
final class NewOutput {
  private final Path path;
  private final WholeFiles files;

  private NewOutput(Path path, WholeFiles files) {
    this.path = path;
    this.files = files;
  }

  /**
   * A file that is to be written.
   *
   * @throws InputException if it must not be
   */
  static NewOutput file(String output, boolean overwrite, Configuration hadoop) {
    return at(
        output,
        hadoop,
        to -> {
          if (to.files.isDirectory(to.path)) {
            throw new InputException("--output %s is a directory, not a file".formatted(output));
          }
          if (!overwrite && to.files.exists(to.path)) {
            throw taken(output);
          }
        });
  }

  /**
   * A folder of parts that is to be written.
   *
   * @throws InputException if it must not be; a folder that holds anything but parts is never
   *     replaced
   */
  static NewOutput folder(String output, boolean overwrite, Configuration hadoop) {
    return at(
        output,
        hadoop,
        to -> {
          to.files.putBack(to.path);
          if (!to.files.exists(to.path)) {
            return;
          }
          if (!to.files.isDirectory(to.path)) {
            throw new InputException("--output %s is a file, not a directory".formatted(output));
          }
          List<String> names = to.files.names(to.path);
          if (!names.isEmpty() && !overwrite) {
            throw taken(output);
          }
          if (!names.stream().allMatch(name -> name.matches(EncodedParts.NAME))) {
            throw new InputException(
                "--output %s holds other files than parts; --overwrite replaces parts only"
                    .formatted(output));
          }
        });
  }

  /** Writes the file. */
  void write(WholeFiles.Content content) {
    try {
      files.write(path, content);
    } catch (IOException e) {
      throw WholeFiles.failed("write", path, e);
    }
  }

  /**
   * Lets someone write the folder's files, into another folder, which then gets this one's name.
   */
  void writeFolder(Consumer<String> writing) {
    Path aside = WholeFiles.aside(path);
    try {
      files.delete(aside);
      try {
        writing.accept(aside.toString());
        for (String name : files.names(aside)) {
          if (!name.matches(EncodedParts.NAME)) {
            files.delete(new Path(aside, name)); // of a task that was stopped
          }
        }
        files.replaceFolder(aside, path);
      } finally {
        files.delete(aside);
      }
    } catch (IOException e) {
      throw WholeFiles.failed("write", path, e);
    }
  }

  /** The output as users write it. */
  @Override
  public String toString() {
    return WholeFiles.show(path);
  }

  private interface Check {
    void of(NewOutput output) throws IOException;
  }

  private static NewOutput at(String output, Configuration hadoop, Check check) {
    try {
      Path path = new Path(output);
      WholeFiles files = WholeFiles.of(path, hadoop);
      NewOutput newOutput = new NewOutput(files.qualify(path), files);
      check.of(newOutput);
      return newOutput;
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException("cannot write %s: %s".formatted(output, e.getMessage()), e);
    }
  }

  private static InputException taken(String output) {
    return new InputException(
        "--output %s exists: choose another name, or --overwrite to replace it".formatted(output));
  }
}
