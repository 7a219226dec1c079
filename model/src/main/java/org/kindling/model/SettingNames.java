package org.kindling.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a closed choice is written in a settings file: {@code GELU_TANH} is {@code gelu-tanh}. */
public final class SettingNames {
  private SettingNames() {}

  /** The settings name of a constant. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The constant of a settings name.
   *
   * @throws ModelException naming the setting, the value and the known names
   */
  public static <E extends Enum<E>> E parse(Class<E> type, String setting, String name) {
    List<E> constants = Arrays.asList(type.getEnumConstants());
    return constants.stream()
        .filter(constant -> of(constant).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelException(
                    "%s = %s: must be one of %s"
                        .formatted(
                            setting,
                            name,
                            constants.stream()
                                .map(SettingNames::of)
                                .collect(Collectors.joining(", ")))));
  }
}
