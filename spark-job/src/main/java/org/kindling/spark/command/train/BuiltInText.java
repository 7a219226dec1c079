package org.kindling.spark.command.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.InputException;
import org.kindling.spark.files.FileSystems;

/**
 * Hamlet, Macbeth, and Romeo and Juliet, for a first run without any text of one's own. They lie in
 * the jar and are copied to where tasks can read them: the temporary directory, or the user's home
 * in the cluster's file system.
 */
final class BuiltInText {
  private static final String RESOURCE = "plays.txt";

  private BuiltInText() {}

  /** The path to read: {@code input}, or that of the plays where it is empty. */
  static String orGiven(String input, Configuration configuration) {
    return input.isBlank() ? copy(configuration) : input;
  }

  private static String copy(Configuration configuration) {
    try (InputStream in = InputException.class.getResourceAsStream(RESOURCE)) {
      byte[] plays = in.readAllBytes();
      FileSystem fileSystem = FileSystems.of(new Path("/"), configuration);
      Path folder =
          fileSystem instanceof LocalFileSystem
              ? new Path("file://" + System.getProperty("java.io.tmpdir"))
              : new Path(fileSystem.getHomeDirectory(), ".kindling");
      String user = System.getProperty("user.name");
      Path file = new Path(folder, "kindling-%s-%s".formatted(user, RESOURCE));
      if (!fileSystem.exists(file) || fileSystem.getFileStatus(file).getLen() != plays.length) {
        Path aside = file.suffix("." + UUID.randomUUID());
        try (OutputStream out = fileSystem.create(aside, true)) {
          out.write(plays);
        }
        fileSystem.delete(file, false);
        fileSystem.rename(aside, file);
      }
      return file.toString();
    } catch (IOException e) {
      throw new InputException(
          "cannot copy the built-in plays to where tasks can read them: " + e.getMessage(), e);
    }
  }
}
