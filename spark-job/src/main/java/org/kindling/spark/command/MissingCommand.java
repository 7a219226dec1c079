package org.kindling.spark.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A command that needs one of its own commands was called without. */
final class MissingCommand {
  private MissingCommand() {}

  /** Names them all: {@code a command is missing: train, encode or decode}. */
  static ParameterException of(CommandSpec spec) {
    List<String> names = List.copyOf(spec.subcommands().keySet());
    int last = names.size() - 1;
    return new ParameterException(
        spec.commandLine(),
        "a command is missing: %s or %s"
            .formatted(String.join(", ", names.subList(0, last)), names.get(last)));
  }
}
