package org.kindling.spark.generation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.kindling.spark.generation.RowException.Kind;

/** The settings among a row's fields; each method's second argument is for rows without it. */
final class RowSettings {
  /** The fields that are settings, in the order in which they apply; the seed draws. */
  static final List<String> NAMES =
      List.of(
          "repetition_penalty",
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "seed",
          "stop",
          "max_new_tokens");

  private final Fields fields;

  RowSettings(Fields fields) {
    this.fields = fields;
  }

  double number(String name, double otherwise) throws RowException {
    Object value = value(name);
    // By its digits, so that 0.8 of 32 bits is 0.8 of 64.
    return value == null ? otherwise : Double.parseDouble(requireNumber(name, value).toString());
  }

  int count(String name, int otherwise) throws RowException {
    Long value = integer(name);
    if (value == null) {
      return otherwise;
    }
    if (value != value.intValue()) {
      throw new RowException(
          Kind.SETTING, "%s = %d: must be at most %d".formatted(name, value, Integer.MAX_VALUE));
    }
    return value.intValue();
  }

  /** A whole number, which may be written as 40.0: tables make fractions of columns with nulls. */
  Long integer(String name) throws RowException {
    Object value = value(name);
    if (value == null) {
      return null;
    }
    Number number = requireNumber(name, value);
    try {
      return new BigDecimal(number.toString()).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) { // a fraction, too large, or NaN
      throw new RowException(
          Kind.SETTING, "%s = %s: must be a whole number of 64 bits".formatted(name, number));
    }
  }

  List<String> texts(String name, List<String> otherwise) throws RowException {
    Object value = value(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text) {
      return List.of(text);
    }
    if (!(value instanceof List<?> list)) {
      throw wrongType(name, value, "text or a list of texts");
    }
    List<String> texts = new ArrayList<>();
    for (Object one : list) {
      if (!(one instanceof String text)) {
        throw wrongType(name, value, "text or a list of texts");
      }
      texts.add(text);
    }
    return texts;
  }

  private Object value(String name) throws RowException {
    Object value = fields.get(name);
    return value == null ? fields.get(name.replace('_', '-')) : value;
  }

  private static Number requireNumber(String name, Object value) throws RowException {
    if (value instanceof Number number) {
      return number;
    }
    throw wrongType(name, value, "a number");
  }

  private static RowException wrongType(String name, Object value, String wanted) {
    return new RowException(Kind.TYPE, "\"%s\" is %s, not %s".formatted(name, kind(value), wanted));
  }

  /** What a value is, for people. */
  static String kind(Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof String) {
      return "text";
    }
    if (value instanceof Number) {
      return "a number";
    }
    if (value instanceof Boolean) {
      return "true or false";
    }
    return value instanceof List ? "a list" : "an object";
  }
}
