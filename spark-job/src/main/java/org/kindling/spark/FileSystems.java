package org.kindling.spark;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Opens Hadoop's file systems, whatever Hadoop throws where it has none. */
public final class FileSystems {
  private FileSystems() {}

  /**
   * The file system of a path that a user has named.
   *
   * @throws IOException if there is none: the scheme is unknown, its classes are not there, or the
   *     host is unknown
   */
  public static FileSystem of(Path path, Configuration configuration) throws IOException {
    try {
      return path.getFileSystem(configuration);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e); // an unknown host
    } catch (RuntimeException e) {
      if (!(e.getCause() instanceof ClassNotFoundException)) {
        throw e;
      }
      throw new IOException(
          "the classes of its file system are not there (%s); for s3a: they are in hadoop-aws"
              .formatted(e.getCause().getMessage()),
          e);
    }
  }

  /**
   * Where a path of the local disk leads to, links followed; any other, or one to nothing, as is.
   */
  public static String real(Path path) {
    if (!"file".equals(path.toUri().getScheme())) {
      return path.toString();
    }
    try {
      return "file:" + java.nio.file.Path.of(path.toUri().getPath()).toRealPath();
    } catch (IOException e) {
      return path.toString();
    }
  }
}
