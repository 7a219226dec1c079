package org.kindling.spark.corpus;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.kindling.spark.InputException;
import org.kindling.spark.files.FileSystems;

/**
 * Which files an input names: a file, a directory, a glob ({@code texts/*.txt}, {@code
 * texts/{a,b}.txt}), or several of these with commas between, in any Hadoop file system.
 *
 * <p>Directories are read with all their folders; names in them that begin with '_' or '.' are
 * skipped, as everywhere in Hadoop, and so is what a training run has written there. Each file is
 * taken once, however often it is named, and, on a local disk, however many links lead to it.
 */
final class FileListing {
  private FileListing() {}

  /**
   * Lists all files that are not empty, by their paths.
   *
   * @throws InputException if a part of the input names nothing, cannot be read, or all is empty
   */
  static SortedMap<String, FileStatus> of(String input, Configuration configuration) {
    SortedMap<String, FileStatus> files = all(input, configuration);
    int found = files.size();
    files.values().removeIf(file -> file.getLen() == 0);
    if (files.isEmpty()) {
      throw new InputException(
          found == 1 ? input + " is empty" : "all " + found + " files of " + input + " are empty");
    }
    return files;
  }

  /**
   * Lists all files, by their paths.
   *
   * @throws InputException if a part of the input names nothing or cannot be read
   */
  static SortedMap<String, FileStatus> all(String input, Configuration configuration) {
    SortedMap<String, FileStatus> files = new TreeMap<>();
    for (String part : names(input, configuration)) {
      try {
        Path path = new Path(part);
        FileSystem fileSystem = FileSystems.of(path, configuration);
        for (FileStatus file : files(part, path, fileSystem)) {
          files.put(file.getPath().toString(), file);
        }
      } catch (IOException | IllegalArgumentException e) {
        throw new InputException("cannot read " + part + ": " + e.getMessage(), e);
      }
    }
    Set<String> taken = new HashSet<>();
    files
        .values()
        .removeIf(file -> !taken.add(FileSystems.real(file.getPath()))); // the first stays
    return files;
  }

  /** The same files by names that mean them from any working directory. */
  static String absolute(String input, Configuration configuration) {
    List<String> names = new ArrayList<>();
    for (String name : names(input, configuration)) {
      try {
        Path path = new Path(name);
        FileSystem fileSystem = FileSystems.of(path, configuration);
        names.add(FileSystems.argument(fileSystem.makeQualified(path), configuration));
      } catch (IOException | IllegalArgumentException e) {
        throw new InputException("cannot read " + name + ": " + e.getMessage(), e);
      }
    }
    return String.join(",", names);
  }

  /** The input itself if there is a file of that name, commas and all; else its parts. */
  static List<String> names(String input, Configuration configuration) {
    return exists(input, configuration) ? List.of(input) : parts(input);
  }

  private static boolean exists(String name, Configuration configuration) {
    try {
      Path path = new Path(name);
      return FileSystems.of(path, configuration).exists(path);
    } catch (IOException | IllegalArgumentException e) {
      return false; // if it is wrong as its parts, too, reading says so
    }
  }

  /** Splits at commas, but not at those within the braces of a glob. */
  static List<String> parts(String input) {
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
      throw new InputException("the input " + input + " has a '{' without its '}'");
    }
    if (parts.isEmpty()) {
      throw new InputException("the input is empty; it names a file, a directory or a glob");
    }
    return parts;
  }

  private static List<FileStatus> files(String part, Path path, FileSystem fileSystem)
      throws IOException {
    List<FileStatus> files = new ArrayList<>();
    Set<String> visited = new HashSet<>();
    try {
      // First as it is written, so that a file whose name looks like a glob can be named.
      add(fileSystem.getFileStatus(path), fileSystem, files, visited);
    } catch (FileNotFoundException e) {
      FileStatus[] matches = fileSystem.globStatus(path, match -> !hidden(match.getName()));
      if (matches == null) {
        throw new InputException("no such file or directory: " + part, e);
      }
      List<String> asked =
          List.of(fileSystem.makeQualified(path).toUri().getPath().split("[/{},]+"));
      for (FileStatus match : matches) {
        if (!hiddenBelow(match.getPath().getParent(), 0, asked)) {
          add(match, fileSystem, files, visited);
        }
      }
    }
    if (files.isEmpty()) {
      throw new InputException(
          part + " matches no file (names that begin with '_' or '.', and runs, are skipped)");
    }
    return files;
  }

  /**
   * @param visited folders of the local disk, to which links may lead again
   */
  private static void add(
      FileStatus found, FileSystem fileSystem, List<FileStatus> files, Set<String> visited)
      throws IOException {
    if (!found.isDirectory()) {
      files.add(found);
      return;
    }
    if (isLocal(fileSystem)) {
      if (!visited.add(FileSystems.real(found.getPath()))) {
        return;
      }
      // Asked for blocks, Hadoop starts a process a file, for the owner that nobody wants to know.
      FileStatus[] children = fileSystem.listStatus(found.getPath());
      if (isRun(Arrays.stream(children).map(child -> child.getPath().getName()).toList())) {
        return;
      }
      Arrays.sort(children);
      for (FileStatus child : children) {
        if (!hidden(child.getPath().getName())) {
          add(child, fileSystem, files, visited);
        }
      }
      return;
    }
    int depth = found.getPath().depth();
    Map<Path, List<FileStatus>> folders = new TreeMap<>();
    RemoteIterator<LocatedFileStatus> all = fileSystem.listFiles(found.getPath(), true);
    while (all.hasNext()) {
      LocatedFileStatus file = all.next();
      if (!hiddenBelow(file.getPath(), depth, List.of())) {
        folders.computeIfAbsent(file.getPath().getParent(), f -> new ArrayList<>()).add(file);
      }
    }
    Set<Path> runs = new HashSet<>();
    folders.forEach(
        (folder, children) -> {
          if (isRun(children.stream().map(child -> child.getPath().getName()).toList())) {
            runs.add(folder);
          }
        });
    folders.forEach(
        (folder, children) -> {
          if (!isBelow(folder, runs)) {
            files.addAll(children);
          }
        });
  }

  /** Whether that is what a training run's directory holds: text may lie beside or above it. */
  private static boolean isRun(List<String> names) {
    return names.contains("config.conf") && names.contains("tokenizer.json");
  }

  private static boolean isBelow(Path folder, Set<Path> others) {
    for (Path p = folder; p != null; p = p.getParent()) {
      if (others.contains(p)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a file system is this machine's, so that blocks say nothing. */
  static boolean isLocal(FileSystem fileSystem) {
    return fileSystem.getUri().getScheme().equals("file");
  }

  /**
   * Whether a path has a hidden name that nobody asked for below its first {@code depth} ones. Of
   * {@code crawl/_temporary/a.txt}, a glob asks for {@code _temporary} by that name or by {@code
   * _*}.
   *
   * @param asked the words of a glob
   */
  private static boolean hiddenBelow(Path path, int depth, List<String> asked) {
    for (Path p = path; p != null && p.depth() > depth; p = p.getParent()) {
      String name = p.getName();
      if (hidden(name)
          && asked.stream()
              .noneMatch(
                  word -> word.equals(name) || (hidden(word) && word.matches(".*[*?\\[].*")))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hidden(String name) {
    return name.startsWith("_") || name.startsWith(".");
  }
}
