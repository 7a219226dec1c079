package org.kindling.spark.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Between records and names: component {@code batchSize} of {@link Settings#train()} is the setting
 * {@code train.batch-size}.
 *
 * <p>So a setting is declared once, as a component, and can be neither forgotten nor misspelt when
 * it is read or written.
 */
final class SettingsRecords {
  private SettingsRecords() {}

  /** Makes the settings from what {@code value} gives for each name and type. */
  static Settings make(BiFunction<String, Class<?>, Object> value) {
    return make(
        Settings.class,
        section ->
            make(
                section.getType().asSubclass(Record.class),
                setting -> value.apply(name(section, setting), setting.getType())));
  }

  /**
   * A record with the components of another, found by their names, and one that is given.
   *
   * @param type may have that one more than {@code from}
   */
  static <R extends Record> R with(Class<R> type, Record from, String name, Object value) {
    return make(
        type,
        component -> {
          if (component.getName().equals(name)) {
            return value;
          }
          for (RecordComponent one : from.getClass().getRecordComponents()) {
            if (one.getName().equals(component.getName())) {
              return get(one, from);
            }
          }
          throw new LinkageError("no " + component);
        });
  }

  /** The value of every setting by its name, in the order of the records. */
  static Map<String, Object> values(Settings settings) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent section : Settings.class.getRecordComponents()) {
      for (RecordComponent setting : section.getType().getRecordComponents()) {
        values.put(name(section, setting), get(setting, get(section, settings)));
      }
    }
    return values;
  }

  private static String name(RecordComponent section, RecordComponent setting) {
    return section.getName() + "." + hyphenated(setting.getName());
  }

  /** {@code minLearningRate} is {@code min-learning-rate}. */
  private static String hyphenated(String camelCase) {
    return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static <R extends Record> R make(Class<R> type, Function<RecordComponent, Object> value) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = Arrays.stream(components).map(value).toArray();
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw unwrapped(e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("every record has its canonical constructor", e);
    }
  }

  private static Object get(RecordComponent component, Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (InvocationTargetException e) {
      throw unwrapped(e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("every component has its accessor", e);
    }
  }

  /** What a record's own checks threw. */
  private static RuntimeException unwrapped(InvocationTargetException e) {
    if (e.getCause() instanceof RuntimeException cause) {
      return cause;
    }
    throw new AssertionError("a settings record threw something checked", e);
  }
}
