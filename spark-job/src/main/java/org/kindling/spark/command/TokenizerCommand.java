package org.kindling.spark.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tokenizer}: what can be done with tokenizers without a model. */
@Command(
    name = "tokenizer",
    description = "Learns tokenizers, looks into them, and applies them to text.",
    subcommands = {
      TokenizerTrainCommand.class,
      TokenizerEncodeCommand.class,
      TokenizerDecodeCommand.class,
      TokenizerInspectCommand.class
    })
final class TokenizerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw MissingCommand.of(spec);
  }
}
