package org.kindling.spark.generation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rows that are lines of text files, without their line ends; they come out as lines of JSON. */
sealed interface LineFormat extends RowFormat<byte[], byte[]> {
  /** Where Spark, too, puts a line that is no JSON. */
  String CORRUPT = "_corrupt_record";

  /** Whether a line is a row; the others are left out. */
  boolean isRow(byte[] line);

  /** The names of a row's fields. */
  List<String> names(byte[] line) throws RowException;

  /** A line is a prompt, and becomes the field of that name. */
  record Text(String promptField) implements LineFormat {
    private static final long serialVersionUID = 1;

    @Override
    public boolean isRow(byte[] line) {
      return true;
    }

    @Override
    public List<String> names(byte[] line) {
      return List.of(promptField);
    }

    @Override
    public Fields fields(byte[] line) throws RowException {
      String text = Utf8.strict(line);
      return name -> name.equals(promptField) ? text : null;
    }

    @Override
    public byte[] completed(byte[] line, Completion completion) {
      return object(JsonWriting.field(promptField, Utf8.lenient(line)) + ",", completion);
    }
  }

  /** A line is a JSON object, whose other fields stay as they are written. */
  record Json(Set<String> wanted) implements LineFormat {
    private static final long serialVersionUID = 1;

    /** With prompts in the field of that name. */
    static Json of(String promptField) {
      Set<String> wanted = new HashSet<>(List.of(promptField));
      for (String name : RowSettings.NAMES) {
        wanted.addAll(List.of(name, name.replace('_', '-')));
      }
      return new Json(Set.copyOf(wanted));
    }

    /** As Spark does, blank lines are passed over. */
    @Override
    public boolean isRow(byte[] line) {
      for (byte b : line) {
        if (b < 0 || b > ' ') {
          return true;
        }
      }
      return false;
    }

    @Override
    public List<String> names(byte[] line) throws RowException {
      return fields(line).names();
    }

    @Override
    public JsonObject fields(byte[] line) throws RowException {
      return JsonObject.read(Utf8.strict(line), wanted);
    }

    @Override
    public byte[] completed(byte[] line, Completion completion) {
      String kept;
      try {
        kept = fields(line).kept();
      } catch (RowException e) { // which the completion tells
        kept = JsonWriting.field(CORRUPT, Utf8.lenient(line)) + ",";
      }
      return object(kept, completion);
    }
  }

  private static byte[] object(String kept, Completion completion) {
    return ("{" + kept + JsonWriting.fields(completion) + "}").getBytes(UTF_8);
  }
}
