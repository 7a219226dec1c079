package org.kindling.spark.command;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.session.Sessions;
import org.kindling.spark.tokenizing.EncodedParts;
import org.kindling.spark.tokenizing.Encoding;
import org.kindling.tokenizer.BytePairTokenizer;
import org.kindling.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tokenizer encode}: text to lines of ids. */
@Command(
    name = "encode",
    description = {
      "Writes the token ids of text: decimal numbers with blanks between, one line for each"
          + " document. Standard input is one document, and so is each file; line ends within"
          + " them are text.",
      "Spark encodes in parallel what goes from a directory, a glob or a list to --output, which"
          + " becomes a directory of parts: all parts together, in the order of their names, are"
          + " the lines of all files in theirs. For a single large file the same happens if"
          + " --output ends with '/'."
    },
    sortOptions = false)
final class TokenizerEncodeCommand implements Callable<Integer> {
  @Mixin private TokenizerOption tokenizer;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      description = "File, directory or glob in any Hadoop file system. Default: standard input.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "PATH",
      description = "File or directory to write. Default: standard output.")
  private String output;

  @Option(
      names = "--allow-special",
      description = "Take special tokens that the text spells for what they are.")
  private boolean allowSpecial;

  @Option(names = "--overwrite", description = "Replace what --output names.")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    Configuration hadoop = Sessions.hadoop();
    Encoding encoding = encoding(tokenizer.read(hadoop));
    TextFiles files = input == null ? null : TextFiles.findDocuments(input, hadoop);
    if (inParts(hadoop)) {
      encodeOnSpark(encoding, files, NewOutput.folder(output, overwrite, hadoop));
    } else if (output != null) {
      NewOutput file = NewOutput.file(output, overwrite, hadoop);
      Encoding.Size[] size = new Encoding.Size[1];
      file.write(out -> size[0] = encode(encoding, files, hadoop, out));
      report(size[0], file);
    } else {
      StandardOutput.write(out -> encode(encoding, files, hadoop, out));
    }
    return 0;
  }

  private boolean inParts(Configuration hadoop) {
    return input != null
        && output != null
        && (output.endsWith("/") || !TextFiles.isFile(input, hadoop));
  }

  private Encoding encoding(Tokenizer tokenizer) {
    Set<String> allowed =
        allowSpecial && tokenizer instanceof BytePairTokenizer bytePairs
            ? bytePairs.vocabulary().specialTokens().keySet()
            : Set.of();
    return new Encoding(tokenizer, allowed);
  }

  private static Encoding.Size encode(
      Encoding encoding, TextFiles files, Configuration hadoop, OutputStream out)
      throws IOException {
    return files == null
        ? encoding.encode("standard input", System.in, out)
        : encoding.encode(files.ranges(), hadoop, out);
  }

  private static void encodeOnSpark(Encoding encoding, TextFiles files, NewOutput folder) {
    try (JavaSparkContext spark = Sessions.start("tokenizer encode")) {
      folder.writeFolder(
          aside -> report(EncodedParts.write(spark, files, encoding, aside), folder));
    }
  }

  private static void report(Encoding.Size size, NewOutput output) {
    System.out.printf(
        Locale.ROOT, "%,d ids of %,d bytes of text: %s%n", size.ids(), size.bytes(), output);
  }
}
