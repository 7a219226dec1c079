package org.kindling.spark.corpus;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BlockLocation;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.kindling.spark.InputException;

/**
 * The files that {@code data.input} names, cut into ranges.
 *
 * <p>The input is a file, a directory, a glob ({@code texts/*.txt}, {@code texts/{a,b}.txt}), or
 * several of these with commas between, in any Hadoop file system. Directories are read with all
 * their folders; names in them that begin with '_' or '.' are skipped, as everywhere in Hadoop.
 * Files are sorted by path and each is taken once, however often it is named; empty files are left
 * out. Ranges are a function of the files alone, not of the cluster that reads them.
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
    SortedMap<String, FileStatus> files = list(input, configuration);
    DocumentReader chosen = reader.apply(files.keySet());
    return cut(input, files.values(), chosen, configuration, chosen.rangeBytes());
  }

  /** Whether an input is the name of one file, and no directory, glob or list. */
  public static boolean isFile(String input, Configuration configuration) {
    try {
      Path path = new Path(input);
      return path.getFileSystem(configuration).getFileStatus(path).isFile();
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
    return cut(input, list(input, configuration).values(), reader, configuration, rangeBytes);
  }

  private static SortedMap<String, FileStatus> list(String input, Configuration configuration) {
    SortedMap<String, FileStatus> files = new TreeMap<>();
    for (String part : parts(input)) {
      try {
        Path path = new Path(part);
        FileSystem fileSystem = path.getFileSystem(configuration);
        for (FileStatus file : files(part, path, fileSystem)) {
          files.put(file.getPath().toString(), file);
        }
      } catch (IOException | IllegalArgumentException e) {
        throw new InputException("cannot read " + part + ": " + e.getMessage(), e);
      }
    }
    int found = files.size();
    files.values().removeIf(file -> file.getLen() == 0);
    if (files.isEmpty()) {
      throw new InputException(
          found == 1 ? input + " is empty" : "all " + found + " files of " + input + " are empty");
    }
    return files;
  }

  private static TextFiles cut(
      String input,
      Collection<FileStatus> files,
      DocumentReader reader,
      Configuration configuration,
      long rangeBytes) {
    CompressionCodecFactory codecs = new CompressionCodecFactory(configuration);
    List<TextRange> ranges = new ArrayList<>();
    long bytes = 0;
    for (FileStatus file : files) {
      String path = file.getPath().toString();
      long length = file.getLen();
      BlockLocation[] blocks = blocks(file, configuration);
      if (reader.readsThroughCodecs() && codecs.getCodec(file.getPath()) != null) {
        List<String> hosts = hosts(blocks, 0);
        ranges.add(new TextRange(path, 0, Long.MAX_VALUE, length, true, hosts));
      } else {
        for (long start = 0; start < length; start += rangeBytes) {
          long end = Math.min(length, start + rangeBytes);
          List<String> hosts = hosts(blocks, start);
          ranges.add(new TextRange(path, start, end, length, false, hosts));
        }
      }
      bytes += length;
    }
    return new TextFiles(input, files.size(), bytes, reader, List.copyOf(ranges));
  }

  /** Splits at commas, but not at those within the braces of a glob. */
  private static List<String> parts(String input) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    StringBuilder part = new StringBuilder();
    for (char c : (input + ",").toCharArray()) {
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (c == ',' && depth <= 0) {
        if (!part.toString().isBlank()) {
          parts.add(part.toString().strip());
        }
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    if (depth > 0) {
      throw new InputException("data.input = " + input + " has a '{' without its '}'");
    }
    if (parts.isEmpty()) {
      throw new InputException("data.input is empty; it names a file, a directory or a glob");
    }
    return parts;
  }

  private static List<FileStatus> files(String part, Path path, FileSystem fileSystem)
      throws IOException {
    List<FileStatus> files = new ArrayList<>();
    try {
      // First as it is written, so that a file whose name looks like a glob can be named.
      add(fileSystem.getFileStatus(path), fileSystem, files);
    } catch (FileNotFoundException e) {
      FileStatus[] matches = fileSystem.globStatus(path, match -> !hidden(match.getName()));
      if (matches == null) {
        throw new InputException("no such file or directory: " + part, e);
      }
      for (FileStatus match : matches) {
        add(match, fileSystem, files);
      }
    }
    if (files.isEmpty()) {
      throw new InputException(
          part + " matches no file (names that begin with '_' or '.' are skipped)");
    }
    return files;
  }

  private static void add(FileStatus found, FileSystem fileSystem, List<FileStatus> files)
      throws IOException {
    if (!found.isDirectory()) {
      files.add(found);
      return;
    }
    int depth = found.getPath().depth();
    RemoteIterator<LocatedFileStatus> all = fileSystem.listFiles(found.getPath(), true);
    while (all.hasNext()) {
      LocatedFileStatus file = all.next();
      if (!hiddenBelow(file.getPath(), depth)) {
        files.add(file);
      }
    }
  }

  private static boolean hiddenBelow(Path path, int depth) {
    for (Path p = path; p != null && p.depth() > depth; p = p.getParent()) {
      if (hidden(p.getName())) {
        return true;
      }
    }
    return false;
  }

  private static boolean hidden(String name) {
    return name.startsWith("_") || name.startsWith(".");
  }

  private static BlockLocation[] blocks(FileStatus file, Configuration configuration) {
    try {
      BlockLocation[] blocks =
          file instanceof LocatedFileStatus located
              ? located.getBlockLocations()
              : file.getPath()
                  .getFileSystem(configuration)
                  .getFileBlockLocations(file, 0, file.getLen());
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
