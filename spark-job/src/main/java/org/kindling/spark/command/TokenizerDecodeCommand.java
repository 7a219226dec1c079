package org.kindling.spark.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.session.Sessions;
import org.kindling.spark.tokenizing.Decoding;
import org.kindling.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tokenizer decode}: lines of ids to text, as they come. */
@Command(
    name = "decode",
    description = {
      "Writes the text of token ids: decimal numbers with blanks or line ends between, as encode"
          + " writes them. The text is what the ids say and nothing more."
    },
    sortOptions = false)
final class TokenizerDecodeCommand implements Callable<Integer> {
  @Mixin private TokenizerOption tokenizer;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      description =
          "File, directory or glob with ids, in any Hadoop file system. Default: standard input.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "File to write. Default: standard output.")
  private String output;

  @Option(names = "--overwrite", description = "Replace the file that --output names.")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    Configuration hadoop = Sessions.hadoop();
    Tokenizer read = tokenizer.read(hadoop);
    TextFiles files = input == null ? null : TextFiles.find(input, hadoop);
    if (output != null) {
      NewOutput.file(output, overwrite, hadoop).write(out -> decode(read, files, hadoop, out));
    } else {
      StandardOutput.write(out -> decode(read, files, hadoop, out));
    }
    return 0;
  }

  private static void decode(
      Tokenizer tokenizer, TextFiles files, Configuration hadoop, OutputStream out)
      throws IOException {
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    if (files == null) {
      Decoding.decode("standard input", System.in, tokenizer, text);
    } else {
      Decoding.decode(files.ranges(), hadoop, tokenizer, text);
    }
    text.flush();
  }
}
