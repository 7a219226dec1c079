package org.kindling.spark.tokenizing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.RangeReader;
import org.kindling.spark.corpus.TextRange;
import org.kindling.tokenizer.SafeCut;
import org.kindling.tokenizer.TokenStream;
import org.kindling.tokenizer.Tokenizer;
import org.kindling.tokenizer.TokenizerException;

/**
 * Turns ids, written as decimal numbers with blanks or line ends between, back into text, as they
 * come.
 *
 * <p>The text is what the ids say and nothing more: no blanks between tokens, no line end between
 * documents. But a line's end is a document's: a broken character does not reach into the next.
 */
public final class Decoding {
  /** Long enough for any int, too short for trouble. */
  private static final int LONGEST = 10;

  /** Between numbers, so that a piece never ends in one. */
  private static final SafeCut AFTER_BLANKS = (beforeLast, last, next) -> isBlank(last);

  private final TokenStream stream;
  private final Writer out;

  private Decoding(Tokenizer tokenizer, Writer out) {
    this.stream = tokenizer.decoder();
    this.out = out;
  }

  /**
   * Decodes all of a stream; what has come so far is written before more is waited for.
   *
   * @param name what messages call it
   * @throws InputException if something is not an id of the tokenizer's; the message names the byte
   * @throws IOException if the text cannot be written
   */
  public static void decode(String name, InputStream in, Tokenizer tokenizer, Writer out)
      throws IOException {
    Decoding decoding = new Decoding(tokenizer, out);
    byte[] bytes = new byte[1 << 14];
    String rest = "";
    long at = 0;
    try {
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        String ids = rest + new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
        int cut = ids.length();
        // What the last number is shows only in what follows it.
        while (cut > 0 && !isBlank(ids.charAt(cut - 1))) {
          cut--;
        }
        if (ids.length() - cut > LONGEST) {
          cut = ids.length();
        }
        decoding.add(name, ids.substring(0, cut), at);
        out.flush();
        rest = ids.substring(cut);
        at += cut;
      }
      decoding.add(name, rest, at);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    out.append(decoding.stream.end());
  }

  /** Decodes ranges of files, in their order; throws as above. */
  public static void decode(
      List<TextRange> ranges, Configuration configuration, Tokenizer tokenizer, Writer out)
      throws IOException {
    Decoding decoding = new Decoding(tokenizer, out);
    try {
      for (TextRange range : ranges) {
        RangeReader.read(
            range, configuration, AFTER_BLANKS, (ids, at) -> decoding.add(range.path(), ids, at));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    out.append(decoding.stream.end());
  }

  private void add(String name, String ids, long offset) {
    try {
      for (int from = 0; from < ids.length(); ) {
        char c = ids.charAt(from);
        if (isBlank(c)) {
          if (c == '\n') {
            out.append(stream.end());
          }
          from++;
          continue;
        }
        int to = from;
        while (to < ids.length() && !isBlank(ids.charAt(to))) {
          to++;
        }
        out.append(text(name, ids.substring(from, to), offset + from));
        from = to;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(String name, String number, long at) {
    try {
      if (number.length() <= LONGEST && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return stream.next(Integer.parseInt(number));
      }
    } catch (NumberFormatException e) {
      throw noId(name, number, at, e);
    } catch (TokenizerException e) {
      throw new InputException("%s, at byte %d: %s".formatted(name, at, e.getMessage()), e);
    }
    throw noId(name, number, at, null);
  }

  private static InputException noId(String name, String word, long at, Exception cause) {
    String shown = word.length() <= 40 ? word : word.substring(0, 40) + "...";
    return new InputException(
        "%s, at byte %d: '%s' is not a token id".formatted(name, at, shown), cause);
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
}
