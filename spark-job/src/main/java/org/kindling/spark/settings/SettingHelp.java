package org.kindling.spark.settings;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What {@code --help} says about a setting.
 *
 * @param name for example {@code train.steps}
 * @param defaultValue as it is written in a settings file
 * @param comment one sentence
 */
public record SettingHelp(String name, String defaultValue, String comment) {

  /** All settings in the order in which a reader wants them. */
  public static List<SettingHelp> all() {
    return Defaults.help();
  }

  /** All settings as lines of three columns: name, default, comment. */
  public static String table() {
    int names = widest(SettingHelp::name);
    int values = widest(SettingHelp::defaultValue);
    return all().stream()
        .map(
            help ->
                "%s  %s  %s%n"
                    .formatted(
                        padded(help.name, names), padded(help.defaultValue, values), help.comment))
        .collect(Collectors.joining());
  }

  private static int widest(Function<SettingHelp, String> column) {
    return all().stream().map(column).mapToInt(String::length).max().orElse(0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
