package org.kindling.spark.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.kindling.spark.InputException;

/**
 * The few file operations that runs, tables and pages are written with, each all or nothing where
 * the file system can.
 */
public final class WholeFiles {
  private final FileSystem fileSystem;
  private final Configuration configuration;

  /** Writes what a file is to hold. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private WholeFiles(FileSystem fileSystem, Configuration configuration) {
    this.fileSystem = fileSystem;
    this.configuration = configuration;
  }

  /** The file system of a path. */
  public static WholeFiles of(Path path, Configuration configuration) throws IOException {
    // Checkpoints carry checksums of their own.
    return new WholeFiles(FileSystems.plain(path, configuration), configuration);
  }

  /** The path with scheme and without relative parts. */
  public Path qualify(Path path) throws IOException {
    try {
      return fileSystem.makeQualified(path);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e); // as for file://relative/path
    }
  }

  /** Whether there is a file or directory of that name. */
  public boolean exists(Path path) throws IOException {
    return fileSystem.exists(path);
  }

  /** Whether there is a directory of that name. */
  public boolean isDirectory(Path path) throws IOException {
    try {
      return status(path).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /** Length and kind of a file or directory. */
  public FileStatus status(Path path) throws IOException {
    return fileSystem.getFileStatus(path);
  }

  /** Names in a directory, sorted. */
  public List<String> names(Path directory) throws IOException {
    return Arrays.stream(fileSystem.listStatus(directory))
        .map(status -> status.getPath().getName())
        .sorted()
        .toList();
  }

  /** Makes a directory, and those above it; one that is there already stays as it is. */
  public void createDirectory(Path directory) throws IOException {
    if (!fileSystem.mkdirs(directory)) {
      throw new IOException("cannot create directory " + show(directory));
    }
  }

  /** Begins to read a file. */
  public FSDataInputStream open(Path file) throws IOException {
    return fileSystem.open(file);
  }

  /** A new, empty file in place of what was there. */
  public FSDataOutputStream create(Path file) throws IOException {
    // This overload leaves permissions to the file system; the shorter ones run chmod for each
    // local file.
    return CheckedOutput.of(
        fileSystem.create(
            file,
            true,
            1 << 16,
            fileSystem.getDefaultReplication(file),
            fileSystem.getDefaultBlockSize(file),
            null));
  }

  /** Continues a file; UnsupportedOperationException where the file system cannot. */
  public FSDataOutputStream append(Path file) throws IOException {
    return CheckedOutput.of(fileSystem.append(file));
  }

  /** All of a small file, in UTF-8. */
  public String readText(Path file) throws IOException {
    try (InputStream in = open(file)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** Writes a small file as {@link #write} does. */
  public void writeText(Path file, String text) throws IOException {
    write(file, out -> out.write(text.getBytes(UTF_8)));
  }

  /**
   * Writes a file aside, then renames it: a reader sees the old content or the new, never a part.
   * Of one that fails nothing stays.
   */
  public void write(Path file, Content content) throws IOException {
    Path aside = aside(file);
    try {
      try (FSDataOutputStream out = create(aside)) {
        content.writeTo(out);
        persist(out);
      }
      replace(aside, file);
    } catch (IOException | RuntimeException e) {
      try {
        fileSystem.delete(aside, false);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /** Where a file or directory is written before it gets its name: {@code .NAME.tmp} beside it. */
  public static Path aside(Path path) {
    return FileSystems.child(path.getParent(), "." + path.getName() + ".tmp");
  }

  /**
   * Sends written bytes to the disk where the stream can, so that a rename after it does not
   * overtake them.
   */
  public static void persist(FSDataOutputStream out) throws IOException {
    if (out.hasCapability(StreamCapabilities.HSYNC)) {
      out.hsync();
    }
  }

  /** Renames to a name that is free. */
  public void move(Path from, Path to) throws IOException {
    // Into an existing directory, a rename would move below it.
    if (exists(to)) {
      throw new IOException("%s is there already".formatted(show(to)));
    }
    rename(from, to);
  }

  /** Where a directory waits while another takes its name: {@code .NAME.old} beside it. */
  public static Path old(Path path) {
    return FileSystems.child(path.getParent(), "." + path.getName() + ".old");
  }

  /**
   * Gives a directory a name that another may have, which is deleted once the new one has it, and
   * gets it back if that fails.
   */
  public void replaceFolder(Path from, Path to) throws IOException {
    if (!exists(to)) {
      move(from, to);
      return;
    }
    Path old = old(to);
    delete(old);
    move(to, old);
    try {
      move(from, to);
    } catch (IOException e) {
      try {
        delete(to); // half of it may be there, where a rename is a copy
        move(old, to);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
    delete(old);
  }

  /** Undoes what a process that died in {@link #replaceFolder} left half done. */
  public void putBack(Path replaced) throws IOException {
    if (replaced.getParent() != null && !exists(replaced) && isDirectory(old(replaced))) {
      move(old(replaced), replaced);
    }
  }

  /** Removes a file or a directory with all that is in it, if it is there. */
  public void delete(Path path) throws IOException {
    if (!fileSystem.delete(path, true) && exists(path)) {
      throw new IOException("cannot delete " + show(path));
    }
  }

  private void replace(Path from, Path to) throws IOException {
    if (fileSystem instanceof RawLocalFileSystem
        && "file".equals(fileSystem.getUri().getScheme())) {
      rename(from, to); // POSIX: atomic, and replaces
      return;
    }
    try {
      FileContext.getFileContext(fileSystem.getUri(), fileSystem.getConf())
          .rename(from, to, Options.Rename.OVERWRITE);
    } catch (UnsupportedFileSystemException e) {
      // An older kind of file system, without an atomic replace. Readers bear with a missing
      // pointer file.
      delete(to);
      rename(from, to);
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!fileSystem.rename(from, to)) {
      throw new IOException("cannot rename %s to %s".formatted(show(from), show(to)));
    }
  }

  /** A path as users write it: local ones without scheme. */
  public static String show(Path path) {
    return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
  }

  /** See {@link FileSystems#argument}. */
  public String argument(Path path) {
    return FileSystems.argument(path, configuration);
  }

  /**
   * The exception for a failed action, as {@code cannot write DIR/best: No space left on device}.
   */
  public static InputException failed(String action, Path path, IOException e) {
    String reason = e.getMessage() == null ? e.toString() : e.getMessage();
    return new InputException("cannot %s %s: %s".formatted(action, show(path), reason), e);
  }
}
