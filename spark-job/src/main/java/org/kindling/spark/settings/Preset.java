package org.kindling.spark.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kindling.spark.InputException;

/**
 * A settings file.
 *
 * @param origin what messages call it, for example its path
 * @param hocon its text
 */
public record Preset(String origin, String hocon) {
  private static final Pattern PRESET =
      Pattern.compile("(conf/)?(?<name>([\\w-]+/)?[\\w-]+)(\\.conf)?");

  /**
   * The file of that path, or the preset of that name which comes with the job: {@code lecture} and
   * {@code lecture/02-one-head} work from any folder, and so do {@code conf/lecture.conf} and
   * {@code conf/lecture/02-one-head.conf}, as they are called where the presets lie.
   *
   * @throws InputException if there is neither
   */
  public static Preset find(String pathOrName) {
    try {
      Path path = Path.of(pathOrName);
      if (Files.exists(path) && !Files.isDirectory(path)) {
        return new Preset(pathOrName, Files.readString(path));
      }
    } catch (IOException e) {
      throw new InputException("--config %s: cannot be read: %s".formatted(pathOrName, e), e);
    } catch (InvalidPathException e) {
      throw missing(pathOrName, e);
    }
    return builtIn(pathOrName);
  }

  /**
   * The preset of that name which comes with the job, whatever files there are.
   *
   * @throws InputException if there is none
   */
  public static Preset builtIn(String pathOrName) {
    Matcher preset = PRESET.matcher(pathOrName);
    if (!preset.matches()) {
      throw missing(pathOrName, null);
    }
    String resource = "presets/%s.conf".formatted(preset.group("name"));
    try (InputStream file = Preset.class.getResourceAsStream(resource)) {
      if (file == null) {
        throw missing(pathOrName, null);
      }
      return new Preset(
          preset.group("name") + ".conf", new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new InputException("--config %s: cannot be read: %s".formatted(pathOrName, e), e);
    }
  }

  /**
   * The file of that name beside this one, or the preset of that name which comes with the job.
   *
   * @throws InputException if there is neither
   */
  Preset included(String name) {
    try {
      Path sibling = Path.of(origin).resolveSibling(name);
      return Files.isRegularFile(sibling) ? find(sibling.toString()) : builtIn(name);
    } catch (InputException | InvalidPathException e) {
      throw new InputException(
          "%s includes %s: there is no such file beside it, and no preset of that name"
              .formatted(origin, name),
          e);
    }
  }

  private static InputException missing(String pathOrName, Exception cause) {
    return new InputException(
        "--config %s: there is no such file, and no preset of that name".formatted(pathOrName),
        cause);
  }
}
