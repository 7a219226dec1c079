package org.kindling.spark.generation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Objects of JSON in the making: fields as they stood, then a completion's. */
final class JsonWriting {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonWriting() {}

  /** A field with a text, {@code "prompt":"To be"}. */
  static String field(String name, String value) {
    return written(generator -> generator.writeStringField(name, value));
  }

  /** The output's columns, {@code "completion":"or not","finish_reason":"length",...}. */
  static String fields(Completion completion) {
    Object[] values = completion.values();
    return written(
        generator -> {
          for (int i = 0; i < values.length; i++) {
            generator.writeFieldName(OutputColumns.NAMES.get(i));
            if (values[i] instanceof Number number) {
              generator.writeNumber(number.longValue());
            } else {
              generator.writeString((String) values[i]);
            }
          }
        });
  }

  private interface Content {
    void writeTo(JsonGenerator generator) throws IOException;
  }

  /** What an object with that content has between its braces. */
  private static String written(Content content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      generator.writeStartObject();
      content.writeTo(generator);
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string in memory can always be written", e);
    }
    return text.toString().substring(1, text.getBuffer().length() - 1);
  }
}
