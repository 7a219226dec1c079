package org.kindling.spark.files;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
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
   * The same, but files of the local disk without Hadoop's layer of checksums: that one litters
   * {@code .crc} files, cannot append, and stumbles over a ':' in a file's name.
   *
   * @throws IOException as above
   */
  public static FileSystem plain(Path path, Configuration configuration) throws IOException {
    FileSystem fileSystem = of(path, configuration);
    return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
  }

  /** A file of a directory; unlike Hadoop's own, for names with a ':' in them, too. */
  public static Path child(Path directory, String name) {
    return new Path(directory, new Path(null, null, name));
  }

  /**
   * A path that means the same on a later command line: a local one without its scheme, unless
   * another file system is the default.
   *
   * @param path absolute, with its scheme
   */
  public static String argument(Path path, Configuration configuration) {
    return "file".equals(FileSystem.getDefaultUri(configuration).getScheme())
            && "file".equals(path.toUri().getScheme())
        ? path.toUri().getPath()
        : path.toString();
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
