package org.kindling.spark.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kindling.spark.InputException;
import org.kindling.spark.settings.NearestName;

/** One field of the JSON object that a line holds. */
final class JsonField {
  /** Documents are as long as they are; the memory for a line is spent anyway. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private JsonField() {}

  /**
   * The field's text, empty for a {@code null}; all of the line is read, to see that it is JSON.
   *
   * @throws InputException that says of the line what is wrong
   */
  static Optional<String> of(String line, String field) {
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InputException("it is no JSON object");
      }
      Optional<String> text = null;
      List<String> others = new ArrayList<>(0);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(field);
        JsonToken value = parser.nextToken();
        if (!wanted) {
          others.add(parser.currentName());
          parser.skipChildren();
        } else if (text != null) {
          throw new InputException("it has the field \"%s\" twice".formatted(field));
        } else if (value == JsonToken.VALUE_STRING) {
          text = Optional.of(requireCharacters(parser.getText(), field));
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
        throw new InputException("it has no field \"%s\"".formatted(field) + meant(field, others));
      }
      return text;
    } catch (JsonProcessingException e) {
      throw new InputException("it is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("a string in memory is always readable", e);
    }
  }

  private static String meant(String field, List<String> others) {
    return others.isEmpty() ? "" : "; did you mean %s?".formatted(NearestName.to(field, others));
  }

  private static String requireCharacters(String text, String field) {
    Optional<String> flaw = UnicodeText.flaw(text);
    if (flaw.isPresent()) {
      throw new InputException("its field \"%s\" has %s".formatted(field, flaw.get()));
    }
    return text;
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
