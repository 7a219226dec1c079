package org.kindling.spark.command;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.RangeReader;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.session.Sessions;
import org.kindling.spark.tokenizing.Encoding;
import org.kindling.tokenizer.BytePairTokenizer;
import org.kindling.tokenizer.BytePairVocabulary;
import org.kindling.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tokenizer inspect}: what a vocabulary holds, and what it does to a text. */
@Command(
    name = "inspect",
    description = {
      "Shows a tokenizer's size and longest tokens; and of a text, how many bytes a token stands"
          + " for and where the text is cut."
    },
    sortOptions = false)
final class TokenizerInspectCommand implements Callable<Integer> {
  private static final int LONGEST = 10;
  private static final int SHOWN_TOKENS = 400;

  /** A longer token is a hundred hyphens, most likely. */
  private static final int MOST_SHOWN = 60;

  @Mixin private TokenizerOption tokenizer;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      description =
          "Text to measure, and to show the first "
              + SHOWN_TOKENS
              + " tokens of: file, directory"
              + " or glob.")
  private String input;

  @Option(names = "--text", paramLabel = "TEXT", description = "Text to measure and to show.")
  private String text;

  @Override
  public Integer call() throws IOException {
    if (input != null && text != null) {
      throw new InputException("--input and --text: give one of them");
    }
    Configuration hadoop = Sessions.hadoop();
    Tokenizer read = tokenizer.read(hadoop);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    describe(read, out);
    if (text != null) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      measure(
          new Encoding(read, Set.of())
              .encode("--text", new ByteArrayInputStream(utf8), OutputStream.nullOutputStream()),
          out);
      int[] ids = read.encode(text);
      out.print(cut(read, ids, ids.length));
    }
    if (input != null) {
      TextFiles files = TextFiles.find(input, hadoop);
      measure(
          new Encoding(read, Set.of())
              .encode(files.ranges(), hadoop, OutputStream.nullOutputStream()),
          out);
      int[] ids = firstIds(read, files, hadoop);
      out.print(cut(read, ids, Math.min(ids.length, SHOWN_TOKENS)));
    }
    out.flush();
    return 0;
  }

  private static void describe(Tokenizer tokenizer, PrintStream out) {
    TokenText text = new TokenText(tokenizer);
    if (tokenizer instanceof BytePairTokenizer bytePairs) {
      BytePairVocabulary vocabulary = bytePairs.vocabulary();
      line(out, "kind", "byte-level BPE, pattern %s", vocabulary.pattern().label());
      line(out, "tokens", "%,d", tokenizer.vocabularySize());
      line(
          out,
          "special tokens",
          "%s",
          vocabulary.specialTokens().isEmpty()
              ? "none"
              : vocabulary.specialTokens().entrySet().stream()
                  .sorted(Map.Entry.comparingByValue())
                  .map(entry -> entry.getKey() + " = " + entry.getValue())
                  .collect(Collectors.joining(", ")));
      String name = "longest tokens";
      for (int id : longest(vocabulary)) {
        line(out, name, "%3d bytes  '%s'", vocabulary.bytes(id).length, shortened(text.of(id)));
        name = "";
      }
    } else {
      line(out, "kind", "characters");
      line(out, "tokens", "%,d", tokenizer.vocabularySize());
    }
  }

  private static int[] longest(BytePairVocabulary vocabulary) {
    return IntStream.range(0, vocabulary.size())
        .filter(id -> vocabulary.bytes(id).length > 0)
        .boxed()
        .sorted(Comparator.comparingInt((Integer id) -> -vocabulary.bytes(id).length))
        .limit(LONGEST)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static String shortened(String token) {
    return token.length() <= MOST_SHOWN
        ? token
        : token.substring(0, token.offsetByCodePoints(0, MOST_SHOWN / 2)) + "…";
  }

  private static void measure(Encoding.Size size, PrintStream out) {
    line(
        out,
        "text",
        "%,d bytes, %,d tokens: %.3f bytes a token",
        size.bytes(),
        size.ids(),
        size.ids() == 0 ? 0 : (double) size.bytes() / size.ids());
    out.println();
  }

  private static void line(PrintStream out, String name, String format, Object... values) {
    out.printf("%-16s%s%n", name, String.format(Locale.ROOT, format, values));
  }

  /** Those of the first piece of the text. */
  private static int[] firstIds(Tokenizer tokenizer, TextFiles files, Configuration hadoop) {
    int[][] ids = {new int[0]};
    RangeReader.read(
        files.ranges().get(0),
        hadoop,
        tokenizer.cuts(),
        (piece, offset) -> ids[0] = offset <= 3 ? tokenizer.encode(piece) : ids[0]);
    return ids[0];
  }

  private static String cut(Tokenizer tokenizer, int[] ids, int count) {
    return new CutText(new TokenText(tokenizer), CutText.wantsColours()).of(ids, count);
  }
}
