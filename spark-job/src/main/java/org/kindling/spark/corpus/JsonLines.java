package org.kindling.spark.corpus;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.kindling.spark.InputException;
import org.kindling.tokenizer.SafeCut;
import org.kindling.tokenizer.TokenizerException;

/**
 * Files with a JSON object a line, whose text is the string in one field: {@code {"text": "To be",
 * "id": 7}}. A line is a document; empty lines, and lines whose text is empty, are left out.
 *
 * <p>A line that is no JSON object, or lacks the field, is refused with its file and its number.
 *
 * @param field the name of the field, at the top of the object
 */
public record JsonLines(String field, Nulls nulls) implements DocumentReader {

  /** Lines are read whole, whatever the tokenizer's cuts. */
  @Override
  public void read(
      TextRange range,
      Configuration configuration,
      SafeCut cuts,
      Optional<TextDigest> digest,
      DocumentConsumer consumer) {
    RangeReader.read(
        range,
        configuration,
        SafeCut.LINES,
        Optional.empty(),
        (lines, offset) -> {
          for (int from = 0, to; from < lines.length(); from = to) {
            int lineEnd = lines.indexOf('\n', from);
            to = lineEnd < 0 ? lines.length() : lineEnd + 1;
            int before = from;
            read(
                lines.substring(from, to),
                digest,
                consumer,
                e -> {
                  String text = lines.substring(0, before);
                  long at = offset + text.getBytes(StandardCharsets.UTF_8).length;
                  long line = RangeReader.lineNumber(range, configuration, at);
                  return new InputException(
                      "%s, line %d: %s".formatted(range.path(), line, e.getMessage()), e);
                });
          }
        });
  }

  /**
   * Gives a line's text.
   *
   * @param placed says where the line is that something is wrong with
   */
  private void read(
      String line,
      Optional<TextDigest> digest,
      DocumentConsumer consumer,
      Function<RuntimeException, InputException> placed) {
    if (line.isBlank()) {
      return;
    }
    String text;
    try {
      text = JsonField.of(line, field).orElse(null);
      if (text == null && nulls == Nulls.REFUSED) {
        throw new InputException("its field \"%s\" is null, not text".formatted(field));
      }
    } catch (InputException e) {
      throw placed.apply(e);
    }
    if (text != null && !text.isEmpty()) {
      if (digest.isPresent()) {
        digest.get().document(text.getBytes(StandardCharsets.UTF_8));
      }
      try {
        consumer.text(text);
      } catch (TokenizerException e) {
        throw placed.apply(e);
      }
      consumer.endDocument();
    }
  }
}
