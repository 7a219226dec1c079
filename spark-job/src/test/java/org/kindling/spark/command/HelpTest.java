package org.kindling.spark.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.kindling.spark.command.CommandLineFixture.kindling;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kindling.spark.command.CommandLineFixture.Result;
import org.kindling.spark.settings.SettingHelp;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** What {@code --help} says. */
@ExtendWith(CommandLineFixture.class)
class HelpTest {
  @ParameterizedTest
  @ValueSource(strings = {"train", "generate", "evaluate"})
  void helpHasTheDefaults(String command) {
    Result help = kindling(command, "--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).startsWith("Usage: kindling " + command).contains("--verbose");
    switch (command) {
      case "train" -> {
        assertThat(help.out())
            .contains("--input", "--output", "--resume", "--overwrite", "shakespeare");
        for (SettingHelp setting : SettingHelp.all()) {
          assertThat(help.out().lines())
              .as(setting.name())
              .anyMatch(
                  line ->
                      line.matches(setting.name() + " +\\Q" + setting.defaultValue() + "\\E .*"));
        }
      }
      case "generate" ->
          assertThat(help.out().replaceAll("\\s+", " "))
              .contains("Default: best", "Default: 300", "Default: 0.8", "Default: 1337");
      default -> assertThat(help.out()).contains("--input", "Default: best");
    }
  }

  @Test
  void everyOptionOfEveryCommandIsExplained() {
    Deque<CommandLine> commands = new ArrayDeque<>(List.of(new CommandLine(new Kindling())));
    int options = 0;
    while (!commands.isEmpty()) {
      CommandLine command = commands.pop();
      commands.addAll(command.getSubcommands().values());
      for (ArgSpec option : command.getCommandSpec().args()) {
        assertThat(String.join("", option.description()))
            .as("%s %s", command.getCommandSpec().qualifiedName(), option)
            .endsWith(".");
        options++;
      }
    }
    assertThat(options).isGreaterThan(50);
  }

  @Test
  void helpOfTheWholeAndTheVersion() {
    assertThat(kindling("--help").out()).contains("train", "generate", "evaluate", "--master");
    assertThat(kindling("--version").out()).startsWith("kindling ");
  }
}
