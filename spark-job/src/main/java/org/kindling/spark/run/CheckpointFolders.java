package org.kindling.spark.run;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.InputException;
import org.kindling.spark.files.WholeFiles;

/**
 * How a checkpoint's folder comes and goes: whole, by a rename from or to a hidden name. A process
 * that dies in between leaves a hidden folder, which the next write removes.
 */
final class CheckpointFolders {
  private final WholeFiles files;
  private final Path directory;

  CheckpointFolders(WholeFiles files, Path directory) {
    this.files = files;
    this.directory = directory;
  }

  /** Writes a checkpoint, in place of one of the same step if there is one. */
  void write(Checkpoint checkpoint, String name) {
    Path target = new Path(directory, name);
    Path aside = WholeFiles.aside(target);
    try {
      removeHidden();
      files.createDirectory(aside);
      new CheckpointFiles(files, aside).write(checkpoint);
      files.replaceFolder(aside, target); // one of that step was damaged, or is trained again
    } catch (IOException e) {
      deleteAfter(aside, e);
      throw new InputException(
          "cannot write checkpoint %s: %s; earlier checkpoints are as they were"
              .formatted(WholeFiles.show(target), e.getMessage()),
          e);
    }
  }

  void remove(String name) {
    Path path = new Path(directory, name);
    Path old = WholeFiles.old(path);
    try {
      // Renamed first, so that a half deleted checkpoint is never visible.
      files.move(path, old);
      files.delete(old);
    } catch (IOException e) {
      throw WholeFiles.failed("remove checkpoint", path, e);
    }
  }

  private void removeHidden() throws IOException {
    files.createDirectory(directory);
    for (String name : files.names(directory)) {
      if (CheckpointName.isHidden(name)) {
        files.delete(new Path(directory, name));
      }
    }
  }

  private void deleteAfter(Path path, IOException failure) {
    try {
      files.delete(path);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
