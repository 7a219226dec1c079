package org.kindling.spark.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.files.WholeFiles;

/**
 * The files {@code latest} and {@code best}: one line each, a checkpoint's name. A pointer is a
 * hint: it may be missing or name a checkpoint that is gone, where a run died at the wrong moment,
 * and whoever reads it falls back.
 */
final class Pointers {
  static final String LATEST = "latest";
  static final String BEST = "best";

  private final WholeFiles files;
  private final Path run;

  Pointers(WholeFiles files, Path run) {
    this.files = files;
    this.run = run;
  }

  /** The name that the pointer holds; empty where there is no such file. */
  Optional<String> read(String pointer) throws IOException {
    try {
      return Optional.of(files.readText(new Path(run, pointer)).strip());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  void write(String pointer, String checkpoint) throws IOException {
    files.writeText(new Path(run, pointer), checkpoint + "\n");
  }
}
