package org.kindling.spark.tokenizing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.HadoopConfiguration;
import org.kindling.spark.corpus.LocatedTasks;
import org.kindling.spark.corpus.RangeReader;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.tokenizer.PreTokenCounts;
import org.kindling.tokenizer.PreTokenPattern;
import org.kindling.tokenizer.SafeCut;

/**
 * Files with a JSON object a line, whose text is the string in one field: {@code {"text": "To be",
 * "id": 7}}.
 *
 * <p>A {@code null} is a document without text, and so is an empty line. A line that is no JSON
 * object, or lacks the field, is refused with its file and its first byte.
 *
 * @param field the name of the field, at the top of the object
 */
public record JsonLines(TextFiles files, String field) implements LearningText {
  /** Documents are as long as they are; the memory for a line is spent anyway. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  @Override
  public String input() {
    return files.input();
  }

  @Override
  public JavaRDD<PreTokenCounts> counts(
      JavaSparkContext spark, HadoopConfiguration configuration, PreTokenPattern pattern) {
    String name = field;
    return LocatedTasks.ranges(spark, files.ranges())
        .mapPartitions(
            LearningText.counting(
                pattern,
                (range, text) ->
                    RangeReader.read(
                        range,
                        configuration.value(),
                        SafeCut.LINES,
                        (piece, offset) -> read(range.path(), piece, offset, name, text))));
  }

  /** Gives the texts of whole lines. */
  private static void read(
      String path, String lines, long offset, String field, Consumer<String> text) {
    long at = offset;
    for (int from = 0, to; from < lines.length(); from = to) {
      int lineEnd = lines.indexOf('\n', from);
      to = lineEnd < 0 ? lines.length() : lineEnd + 1;
      String line = lines.substring(from, to);
      if (!line.isBlank()) {
        try {
          textOf(line, field).ifPresent(text);
        } catch (InputException e) {
          throw new InputException(
              "%s, the line that begins at byte %d: %s".formatted(path, at, e.getMessage()), e);
        }
      }
      at += line.getBytes(StandardCharsets.UTF_8).length;
    }
  }

  /**
   * The field's text, empty for a {@code null}; all of the line is read, to see that it is JSON.
   */
  static Optional<String> textOf(String line, String field) {
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InputException("it is no JSON object");
      }
      Optional<String> text = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(field);
        JsonToken value = parser.nextToken();
        if (!wanted) {
          parser.skipChildren();
        } else if (text != null) {
          throw new InputException("it has the field \"%s\" twice".formatted(field));
        } else if (value == JsonToken.VALUE_STRING) {
          text = Optional.of(parser.getText());
        } else if (value == JsonToken.VALUE_NULL) {
          text = Optional.empty();
        } else {
          throw new InputException(
              "its field \"%s\" is no string but %s".formatted(field, kind(value)));
        }
      }
      if (parser.nextToken() != null) {
        throw new InputException("something follows its JSON object");
      }
      if (text == null) {
        throw new InputException("it has no field \"%s\"".formatted(field));
      }
      return text;
    } catch (JsonProcessingException e) {
      throw new InputException("it is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("a string in memory is always readable", e);
    }
  }

  private static String kind(JsonToken value) {
    return switch (value) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_TRUE, VALUE_FALSE -> "true or false";
      default -> "a number";
    };
  }
}
