package org.kindling.spark.command;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.InputException;
import org.kindling.spark.files.WholeFiles;
import org.kindling.spark.run.RunDirectory;

/**
 * Where a ladder goes: {@code ladder.html} and, beside it, a run of each rung.
 *
 * <p>An older ladder is replaced rung by rung, each as soon as there is a new one, so that little
 * is lost where the new ladder fails. What the new one leaves out for time stays as it is.
 *
 * @param name as the user wrote it
 */
record LadderFolder(String name, Path path, WholeFiles files, Configuration hadoop) {
  private static final String PAGE = "ladder.html";

  static LadderFolder at(String output, Configuration hadoop) {
    Path path = RunDirectory.parse(output);
    try {
      WholeFiles files = WholeFiles.of(path, hadoop);
      return new LadderFolder(output, files.qualify(path), files, hadoop);
    } catch (IOException e) {
      throw WholeFiles.failed("open", path, e);
    }
  }

  /** Refuses a folder that a new ladder may not have. Changes nothing. */
  void refuseTaken(boolean overwrite) {
    try {
      if (!files.exists(path)) {
        return;
      }
      if (!files.isDirectory(path)) {
        throw new InputException("--output %s is a file, not a directory".formatted(name));
      }
      List<String> names = files.names(path);
      if (names.isEmpty()) {
        return;
      }
      Stream<String> own =
          Stream.concat(Stream.of(PAGE), LectureRung.ALL.stream().map(LectureRung::preset));
      if (own.noneMatch(names::contains)) {
        throw new InputException(
            "--output %s is not empty and holds no ladder: choose a new or an empty directory%s"
                .formatted(name, overwrite ? " (--overwrite replaces ladders only)" : ""));
      }
      if (!overwrite) {
        throw new InputException(
            "--output %s holds a ladder already: use --overwrite to replace it".formatted(name));
      }
      LectureRung.ALL.forEach(rung -> RunDirectory.refuseTaken(run(rung), true, hadoop));
    } catch (IOException e) {
      throw WholeFiles.failed("look into", path, e);
    }
  }

  /** Where a rung's run goes. */
  String run(LectureRung rung) {
    return new Path(path, rung.preset()).toString();
  }

  /** Writes the page, in place of an earlier one. */
  void writePage(String html) {
    Path page = new Path(path, PAGE);
    try {
      files.writeText(page, html);
    } catch (IOException e) {
      throw WholeFiles.failed("write", page, e);
    }
  }

  /** The page's path as users write it. */
  @Override
  public String toString() {
    return WholeFiles.show(new Path(path, PAGE));
  }
}
