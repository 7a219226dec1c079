package org.kindling.spark.command;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.InputException;
import org.kindling.spark.command.train.BytePairLearning;
import org.kindling.spark.corpus.DocumentReader;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.session.Sessions;
import org.kindling.spark.settings.DataSettings;
import org.kindling.spark.settings.TextFormat;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** {@code tokenizer train}: byte-level BPE from any amount of text. */
@Command(
    name = "train",
    description = {
      "Learns byte-level BPE from text and writes a tokenizer.json.",
      "The result depends on the text and the options alone, not on the cluster."
    },
    sortOptions = false)
final class TokenizerTrainCommand implements Callable<Integer> {
  private static final int BYTES = 256;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description = "Text to learn from: a file, directory or glob in any Hadoop file system.")
  private String input;

  @Option(
      names = "--vocab-size",
      paramLabel = "N",
      required = true,
      description = "Tokens, the 256 bytes and special tokens included.")
  private int vocabSize;

  @Option(
      names = "--pattern",
      paramLabel = "NAME",
      defaultValue = "gpt2",
      showDefaultValue = Visibility.ALWAYS,
      description =
          "How text is cut before pairs are merged: gpt2, gpt4, o200k, qwen2, or none for whole"
              + " lines.")
  private String pattern;

  @Option(
      names = "--special",
      paramLabel = "TOKEN",
      defaultValue = "<|endoftext|>",
      showDefaultValue = Visibility.ALWAYS,
      description = "Special token; may be given several times, or be empty for none.")
  private List<String> special = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "text, jsonl (an object a line) or parquet. Default: what --field or --column says, or"
              + " else the files' names.")
  private String format;

  @Option(
      names = "--field",
      paramLabel = "NAME",
      description = "Field of the JSON objects that holds the text. Default: text.")
  private String field;

  @Option(
      names = "--column",
      paramLabel = "NAME",
      description = "Column of the Parquet files that holds the text. Default: text.")
  private String column;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "tokenizer.json to write, in the format of the Hugging Face library.")
  private String output;

  @Option(names = "--overwrite", description = "Replace the file that --output names.")
  private boolean overwrite;

  @Override
  public Integer call() {
    Configuration hadoop = Sessions.hadoop();
    BytePairLearning learning = learning();
    NewOutput file = NewOutput.file(output, overwrite, hadoop);
    TextFiles text = TextFiles.find(input, this::reader, hadoop);
    try (JavaSparkContext spark = Sessions.start("tokenizer train")) {
      Tokenizer tokenizer = learning.from(text, spark);
      byte[] json = tokenizer.toJson().getBytes(StandardCharsets.UTF_8);
      file.write(out -> out.write(json));
      System.out.printf("tokenizer %s%n", file);
    }
    return 0;
  }

  private BytePairLearning learning() {
    List<String> names = special.stream().filter(name -> !name.isEmpty()).toList();
    int least = BYTES + names.size();
    if (vocabSize < least) {
      throw new InputException(
          "--vocab-size %d: must be at least %d, for %d bytes and the special tokens (%d)"
              .formatted(vocabSize, least, BYTES, names.size()));
    }
    return new BytePairLearning(vocabSize, names, PreTokenPattern.of(pattern));
  }

  private DocumentReader reader(Collection<String> paths) {
    TextFormat chosen = format(paths);
    refuse(field != null && chosen != TextFormat.JSONL, "--field", TextFormat.JSONL, chosen);
    refuse(column != null && chosen != TextFormat.PARQUET, "--column", TextFormat.PARQUET, chosen);
    String name =
        Objects.requireNonNullElse(field != null ? field : column, DataSettings.DEFAULT_FIELD);
    return DocumentReader.of(chosen, name, DocumentReader.Nulls.LEFT_OUT);
  }

  private TextFormat format(Collection<String> paths) {
    if (format != null) {
      return TextFormat.of(format);
    }
    if (field != null) {
      return TextFormat.JSONL;
    }
    return column != null ? TextFormat.PARQUET : TextFormat.of(input, paths);
  }

  private static void refuse(boolean given, String option, TextFormat needed, TextFormat chosen) {
    if (given) {
      throw new InputException(
          "%s is for --format %s, not %s".formatted(option, needed.label(), chosen.label()));
    }
  }
}
