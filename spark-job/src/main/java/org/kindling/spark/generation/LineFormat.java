package org.kindling.spark.generation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.kindling.spark.corpus.UnicodeText;

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
      String text = text(line);
      return name -> name.equals(promptField) ? text : null;
    }

    @Override
    public byte[] completed(byte[] line, Completion completion) {
      return object(JsonWriting.field(promptField, lenient(line)) + ",", completion);
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
      return JsonObject.read(text(line), wanted);
    }

    @Override
    public byte[] completed(byte[] line, Completion completion) {
      String kept;
      try {
        kept = fields(line).kept();
      } catch (RowException e) { // which the completion tells
        kept = JsonWriting.field(CORRUPT, lenient(line)) + ",";
      }
      return object(kept, completion);
    }
  }

  private static String text(byte[] line) throws RowException {
    return UnicodeText.ofUtf8(line)
        .orElseThrow(() -> new RowException(RowException.Kind.TEXT, "the line is not UTF-8 text"));
  }

  /** The line's text, with U+FFFD in the place of what is none. */
  private static String lenient(byte[] line) {
    return new String(line, UTF_8);
  }

  private static byte[] object(String kept, Completion completion) {
    return ("{" + kept + JsonWriting.fields(completion) + "}").getBytes(UTF_8);
  }
}
