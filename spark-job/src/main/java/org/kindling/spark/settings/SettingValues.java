package org.kindling.spark.settings;

import com.typesafe.config.Config;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.kindling.model.ModelException;
import org.kindling.model.SettingNames;

/**
 * One value of a settings file as the type that its record wants, or a message that says why not.
 */
final class SettingValues {
  private static final BigDecimal LEAST_INT = BigDecimal.valueOf(Integer.MIN_VALUE);
  private static final BigDecimal MOST_INT = BigDecimal.valueOf(Integer.MAX_VALUE);
  private static final BigDecimal LEAST_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MOST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

  private SettingValues() {}

  /**
   * The value of a setting.
   *
   * @param type int, long, double, boolean, String or an enum
   * @throws org.kindling.spark.InputException if the value is not of that type; of an enum's names,
   *     org.kindling.model.ModelException
   */
  static Object of(Config config, String name, Class<?> type) {
    Object value = scalar(config, name);
    if (type == int.class) {
      return wholeNumber(name, value, LEAST_INT, MOST_INT).intValueExact();
    }
    if (type == long.class) {
      return wholeNumber(name, value, LEAST_LONG, MOST_LONG).longValueExact();
    }
    if (type == double.class) {
      return number(name, value).doubleValue();
    }
    if (type == boolean.class) {
      return trueOrFalse(name, value);
    }
    if (type == String.class) {
      return value.toString();
    }
    return constant(type.asSubclass(Enum.class), name, value);
  }

  private static Object scalar(Config config, String name) {
    Object unwrapped = config.hasPath(name) ? config.getAnyRef(name) : null;
    if (unwrapped == null || unwrapped instanceof Map || unwrapped instanceof List) {
      throw Rule.broken(name, unwrapped, "must be one value");
    }
    return unwrapped;
  }

  private static BigDecimal wholeNumber(
      String name, Object value, BigDecimal least, BigDecimal most) {
    String rule = "must be a whole number from %s to %s".formatted(least, most);
    BigDecimal number;
    try {
      number = new BigDecimal(value.toString());
    } catch (NumberFormatException e) {
      throw Rule.broken(name, value, rule);
    }
    // The range first: making 1e999999999 whole would take all memory.
    if (number.compareTo(least) < 0
        || number.compareTo(most) > 0
        || number.stripTrailingZeros().scale() > 0) {
      throw Rule.broken(name, value, rule);
    }
    return number;
  }

  private static BigDecimal number(String name, Object value) {
    try {
      return new BigDecimal(value.toString());
    } catch (NumberFormatException e) {
      throw Rule.broken(name, value, "must be a number");
    }
  }

  private static boolean trueOrFalse(String name, Object value) {
    return switch (value.toString()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Rule.broken(name, value, "must be true or false");
    };
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the record's component says that it is an enum
  private static Object constant(Class<? extends Enum> type, String setting, Object value) {
    String name = value.toString();
    try {
      return SettingNames.parse((Class) type, setting, name);
    } catch (ModelException e) {
      List<String> known =
          Arrays.stream(type.getEnumConstants())
              .map(each -> SettingNames.of((Enum<?>) each))
              .toList();
      throw new ModelException(e.getMessage() + NearestName.asked(name, known), e);
    }
  }
}
