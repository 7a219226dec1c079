package org.kindling.spark.corpus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.InputException;
import org.kindling.spark.files.FileSystems;

/**
 * The files that {@code data.input} names, cut into ranges.
 *
 * <p>{@link FileListing} says which they are; empty files are left out, unless each file is to be a
 * document. Files are in the order of their paths. Ranges are a function of the files alone, not of
 * the cluster that reads them.
 *
 * @param input what was asked for
 * @param count the number of files
 * @param bytes their bytes as stored
 * @param reader how they hold documents
 * @param ranges all files' ranges, in the order of files and bytes
 */
public record TextFiles(
    String input, int count, long bytes, DocumentReader reader, List<TextRange> ranges) {

  /**
   * Finds files of plain text.
   *
   * @throws InputException if a part of the input names nothing, cannot be read, or all is empty
   */
  public static TextFiles find(String input, Configuration configuration) {
    return find(input, new PlainText(), configuration);
  }

  /**
   * Finds files that hold documents as a reader says.
   *
   * @throws InputException as above
   */
  public static TextFiles find(String input, DocumentReader reader, Configuration configuration) {
    return find(input, reader, configuration, reader.rangeBytes());
  }

  /**
   * Finds files whose paths say how they hold documents.
   *
   * @throws InputException as above
   */
  public static TextFiles find(
      String input,
      Function<Collection<String>, DocumentReader> reader,
      Configuration configuration) {
    SortedMap<String, FileStatus> files = FileListing.of(input, configuration);
    DocumentReader chosen = reader.apply(files.keySet());
    return cut(input, files.values(), chosen, configuration, chosen.rangeBytes());
  }

  /**
   * Finds files of plain text, each a document, also an empty one.
   *
   * @throws InputException if a part of the input names nothing or cannot be read
   */
  public static TextFiles findDocuments(String input, Configuration configuration) {
    SortedMap<String, FileStatus> files = FileListing.all(input, configuration);
    DocumentReader reader = new PlainText();
    return cut(input, files.values(), reader, configuration, reader.rangeBytes());
  }

  /**
   * Finds files that may all be empty; their lines are documents, whatever they hold.
   *
   * @throws InputException if a part of the input names nothing or cannot be read
   */
  public static TextFiles findAll(String input, Configuration configuration) {
    SortedMap<String, FileStatus> files = FileListing.all(input, configuration);
    files.values().removeIf(file -> file.getLen() == 0);
    DocumentReader reader = new PlainText();
    return cut(input, files.values(), reader, configuration, reader.rangeBytes());
  }

  /**
   * The paths of all files that an input names, in their order.
   *
   * @throws InputException as above
   */
  public static List<String> paths(String input, Configuration configuration) {
    return List.copyOf(FileListing.all(input, configuration).keySet());
  }

  /**
   * The same input by names that mean the same from any working directory.
   *
   * @throws InputException if a name has no file system
   */
  public static String absolute(String input, Configuration configuration) {
    return FileListing.absolute(input, configuration);
  }

  /** What an input names: itself, or, if there is no such file, what stands between its commas. */
  public static List<String> parts(String input, Configuration configuration) {
    return FileListing.names(input, configuration);
  }

  /** Whether an input is the name of one file, and no directory, glob or list. */
  public static boolean isFile(String input, Configuration configuration) {
    try {
      Path path = new Path(input);
      return FileSystems.of(path, configuration).getFileStatus(path).isFile();
    } catch (IOException | IllegalArgumentException e) {
      return false; // what is wrong with it, find says
    }
  }

  /** Plain text in ranges of any size. */
  static TextFiles find(String input, Configuration configuration, long rangeBytes) {
    return find(input, new PlainText(), configuration, rangeBytes);
  }

  static TextFiles find(
      String input, DocumentReader reader, Configuration configuration, long rangeBytes) {
    return cut(
        input, FileListing.of(input, configuration).values(), reader, configuration, rangeBytes);
  }

  private static TextFiles cut(
      String input,
      Collection<FileStatus> files,
      DocumentReader reader,
      Configuration configuration,
      long rangeBytes) {
    List<TextRange> ranges = new ArrayList<>();
    long bytes = 0;
    for (FileStatus file : files) {
      String path = file.getPath().toString();
      long length = file.getLen();
      BlockLocation[] blocks = blocks(file, configuration);
      if (reader.readsThroughCodecs()
          && CompressedText.isCompressed(file.getPath(), configuration)) {
        List<String> hosts = hosts(blocks, 0);
        ranges.add(new TextRange(path, 0, Long.MAX_VALUE, length, true, hosts));
      } else {
        long start = 0;
        do { // an empty file has one range, too
          long end = Math.min(length, start + rangeBytes);
          List<String> hosts = hosts(blocks, start);
          ranges.add(new TextRange(path, start, end, length, false, hosts));
          start = end;
        } while (start < length);
      }
      bytes += length;
    }
    return new TextFiles(input, files.size(), bytes, reader, List.copyOf(ranges));
  }

  private static BlockLocation[] blocks(FileStatus file, Configuration configuration) {
    try {
      if (file instanceof LocatedFileStatus located && located.getBlockLocations() != null) {
        return located.getBlockLocations();
      }
      FileSystem fileSystem = file.getPath().getFileSystem(configuration);
      BlockLocation[] blocks =
          FileListing.isLocal(fileSystem)
              ? null
              : fileSystem.getFileBlockLocations(file, 0, file.getLen());
      return blocks == null ? new BlockLocation[0] : blocks;
    } catch (IOException e) {
      throw new InputException("cannot read " + file.getPath() + ": " + e.getMessage(), e);
    }
  }

  /** The hosts of the block that holds a byte; "localhost" says nothing and is left out. */
  private static List<String> hosts(BlockLocation[] blocks, long at) {
    for (BlockLocation block : blocks) {
      if (block.getOffset() <= at && at < block.getOffset() + block.getLength()) {
        try {
          return Arrays.stream(block.getHosts()).filter(host -> !host.equals("localhost")).toList();
        } catch (IOException e) {
          throw new InputException("cannot read block locations: " + e.getMessage(), e);
        }
      }
    }
    return List.of();
  }
}
