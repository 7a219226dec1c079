package org.kindling.spark;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kindling.spark.command.Kindling;
import org.kindling.spark.settings.Preset;
import org.kindling.spark.settings.SettingsReader;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * A line for the shell, cut into words as a shell does: quotes hold words together, and a comment,
 * a redirection or a pipe ends the command.
 *
 * @param words without quotes; {@code scripts/kindling} is the first
 */
record ShellLine(String line, List<String> words) {
  private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"[^\"]*\")+");
  private static final Pattern QUOTED = Pattern.compile("'([^']*)'|\"([^\"]*)\"");

  static ShellLine of(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    while (word.find() && !word.group().matches("#.*|[<>|&].*")) {
      words.add(QUOTED.matcher(word.group()).replaceAll("$1$2"));
    }
    return new ShellLine(line, List.copyOf(words));
  }

  /** What the job gets: without the script, and without Spark's options, which stand before. */
  String[] arguments() {
    int first = 1;
    while (words.get(first).startsWith("--")) {
      first += 2; // an option and its value
    }
    return words.subList(first, words.size()).toArray(String[]::new);
  }

  /**
   * The command line knows the command, its options and what they need, and the settings are some
   * that training would take. Nothing is run.
   */
  void assertThatItParses() {
    assertThatCode(
            () -> {
              ParseResult command = new CommandLine(new Kindling()).parseArgs(arguments());
              while (command.hasSubcommand()) {
                command = command.subcommand();
              }
              List<String> settings = new ArrayList<>();
              String input = command.matchedOptionValue("--input", null);
              if (input != null) {
                settings.add("data.input=" + input);
              }
              command.matchedPositionals().stream()
                  .flatMap(positional -> positional.<List<String>>getValue().stream())
                  .forEach(settings::add);
              String preset = command.matchedOptionValue("--config", null);
              SettingsReader.read(Optional.ofNullable(preset).map(Preset::find), settings);
            })
        .as(line)
        .doesNotThrowAnyException();
  }
}
