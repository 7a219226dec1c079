package org.kindling.spark.generation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kindling.spark.generation.RowException.Kind;

/**
 * The JSON object that a line holds, each field of it as it is written: {@code 1.10} stays {@code
 * 1.10}, of any length. Only the fields that are asked for are made values.
 */
final class JsonObject implements Fields {
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxStringLength(Integer.MAX_VALUE)
                      .maxNumberLength(Integer.MAX_VALUE)
                      .maxNameLength(Integer.MAX_VALUE)
                      .build())
              .build());

  /** A field's name, and all of it as it stands in the line, {@code "id" : 7}. */
  private record Field(String name, String written) {}

  private final List<Field> fields = new ArrayList<>();
  private final Map<String, JsonNode> values = new HashMap<>();

  private JsonObject() {}

  /**
   * Reads a line.
   *
   * @param wanted the fields whose values are asked for
   * @throws RowException if it is not one JSON object, or has a wanted field twice
   */
  static JsonObject read(String line, Set<String> wanted) throws RowException {
    JsonObject object = new JsonObject();
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new RowException(Kind.JSON, "the line is no JSON object");
      }
      parser.nextToken();
      while (parser.currentToken() == JsonToken.FIELD_NAME) {
        object.readField(line, parser, wanted);
      }
      if (parser.nextToken() != null) {
        throw new RowException(Kind.JSON, "something follows the line's JSON object");
      }
      return object;
    } catch (JsonProcessingException e) {
      throw new RowException(Kind.JSON, "the line is not valid JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("a string in memory is always readable", e);
    }
  }

  /** Reads a field and the token behind it, whose place is where the field ends at the latest. */
  private void readField(String line, JsonParser parser, Set<String> wanted)
      throws IOException, RowException {
    String name = parser.currentName();
    int from = offset(parser);
    parser.nextToken();
    if (wanted.contains(name)) {
      if (values.put(name, parser.readValueAsTree()) != null) {
        throw new RowException(Kind.JSON, "the line has the field \"%s\" twice".formatted(name));
      }
    } else {
      parser.skipChildren();
    }
    parser.nextToken();
    String written = line.substring(from, offset(parser)).stripTrailing();
    if (written.endsWith(",")) {
      written = written.substring(0, written.length() - 1).stripTrailing();
    }
    fields.add(new Field(name, written));
  }

  private static int offset(JsonParser parser) {
    return Math.toIntExact(parser.currentTokenLocation().getCharOffset());
  }

  @Override
  public Object get(String name) {
    return value(values.get(name));
  }

  private static Object value(JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isNumber()) {
      return node.numberValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (!node.isArray()) {
      return node;
    }
    List<Object> elements = new ArrayList<>();
    node.forEach(element -> elements.add(value(element)));
    return elements;
  }

  /** The names of all fields. */
  List<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  /** All fields but those that the output has itself, each followed by a comma. */
  String kept() {
    StringBuilder kept = new StringBuilder();
    for (Field field : fields) {
      if (!OutputColumns.replace(field.name())) {
        kept.append(field.written()).append(',');
      }
    }
    return kept.toString();
  }
}
