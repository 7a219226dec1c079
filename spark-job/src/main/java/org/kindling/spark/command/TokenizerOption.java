package org.kindling.spark.command;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.tokenizing.TokenizerPath;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.Tokenizer;
import picocli.CommandLine.Option;

/** The options that name a tokenizer. */
final class TokenizerOption {
  @Option(
      names = "--tokenizer",
      paramLabel = "PATH",
      required = true,
      description =
          "tokenizer.json, vocab.json with merges.txt beside it, .tiktoken file, or a folder with"
              + " one of the first two, such as a run directory.")
  private String path;

  @Option(
      names = "--pattern",
      paramLabel = "NAME",
      description =
          "Pattern of a .tiktoken file that is not by name one of OpenAI's: gpt2, gpt4, o200k,"
              + " qwen2 or none.")
  private String pattern;

  @Option(
      names = "--special",
      paramLabel = "TOKEN",
      description = "Special tokens of such a file; their ids follow the last rank.")
  private List<String> special = List.of();

  /** Reads the tokenizer. */
  Tokenizer read(Configuration hadoop) {
    return TokenizerPath.read(
        path, Optional.ofNullable(pattern).map(PreTokenPattern::of), special, hadoop);
  }
}
