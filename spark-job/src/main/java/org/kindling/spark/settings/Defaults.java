package org.kindling.spark.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The file {@code defaults.conf}: the names of all settings, their defaults, and what they mean.
 */
final class Defaults {
  private static final String FILE = "defaults.conf";
  private static final Config CONFIG = load();
  private static final List<SettingHelp> HELP =
      help("", CONFIG.root()).stream()
          .sorted(Comparator.comparingInt(Line::number))
          .map(Line::help)
          .toList();
  private static final Set<String> NAMES =
      HELP.stream().map(SettingHelp::name).collect(Collectors.toCollection(LinkedHashSet::new));

  private Defaults() {}

  /** Not resolved yet, since a default may follow another setting that a later layer changes. */
  static Config config() {
    return CONFIG;
  }

  static Set<String> names() {
    return NAMES;
  }

  static List<SettingHelp> help() {
    return HELP;
  }

  private record Line(int number, SettingHelp help) {}

  private static Config load() {
    try (InputStream file = Defaults.class.getResourceAsStream(FILE)) {
      return ConfigFactory.parseString(
          new String(file.readAllBytes(), StandardCharsets.UTF_8),
          ConfigParseOptions.defaults().setOriginDescription(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException("the job's jar lacks " + FILE, e);
    }
  }

  private static List<Line> help(String prefix, ConfigObject section) {
    List<Line> lines = new ArrayList<>();
    for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
      String name = prefix + entry.getKey();
      ConfigValue value = entry.getValue();
      if (value instanceof ConfigObject object) {
        lines.addAll(help(name + ".", object));
      } else {
        String comment =
            value.origin().comments().stream().map(String::strip).collect(Collectors.joining(" "));
        lines.add(
            new Line(value.origin().lineNumber(), new SettingHelp(name, value.render(), comment)));
      }
    }
    return lines;
  }
}
