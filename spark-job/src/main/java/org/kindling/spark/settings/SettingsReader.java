package org.kindling.spark.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kindling.spark.InputException;

/**
 * Reads settings in layers, later ones over earlier ones: the defaults, a preset, then {@code
 * key=value} overrides in their order.
 *
 * <p>A file may use all of HOCON; an override's value is taken as it stands, without quotes.
 * Unknown names are refused with the nearest known one. The section {@value #PROVENANCE} of a run's
 * config.conf says how the run came to be, and sets nothing.
 */
public final class SettingsReader {
  /** The one section that a settings file may have without meaning for the settings. */
  public static final String PROVENANCE = "provenance";

  private SettingsReader() {}

  /** The settings where nobody says anything else. */
  public static Settings defaults() {
    return read(Optional.empty(), List.of());
  }

  /**
   * The settings of the defaults, a preset over them, and overrides over both.
   *
   * @param overrides each {@code name=value}
   * @throws InputException if a file, a name or a value is wrong; the message says which and why
   * @throws org.kindling.model.ModelException likewise for a model that cannot be
   */
  public static Settings read(Optional<Preset> preset, List<String> overrides) {
    return read(preset, overrides, Defaults.config());
  }

  /**
   * The settings that a run has kept. Where it is older than a setting whose default changes what
   * is computed, it goes on as it began.
   */
  public static Settings readKept(Preset kept, List<String> overrides) {
    Config older = ConfigFactory.parseMap(Map.of("train.skip-zeros", false));
    return read(Optional.of(kept), overrides, older.withFallback(Defaults.config()));
  }

  private static Settings read(Optional<Preset> preset, List<String> overrides, Config defaults) {
    Config config =
        overridesOf(overrides)
            .withFallback(preset.map(SettingsReader::parse).orElse(ConfigFactory.empty()))
            .withFallback(defaults);
    Config resolved = resolve(config, preset);
    refuseUnknown("", resolved.root());
    return SettingsRecords.make((name, type) -> SettingValues.of(resolved, name, type));
  }

  private static Config overridesOf(List<String> overrides) {
    Config config = ConfigFactory.empty();
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 0) {
        throw new InputException(
            "'%s' is not a setting; write name=value, for example train.steps=5000"
                .formatted(override));
      }
      String name = override.substring(0, equals).strip();
      if (!Defaults.names().contains(name)) {
        throw new InputException(unknown(name));
      }
      String value = override.substring(equals + 1).strip();
      config = config.withValue(name, ConfigValueFactory.fromAnyRef(value, "command line"));
    }
    return config;
  }

  private static Config parse(Preset preset) {
    return parse(preset, new Includes(List.of(preset)));
  }

  private static Config parse(Preset preset, Includes includes) {
    try {
      return ConfigFactory.parseString(
          preset.hocon(),
          ConfigParseOptions.defaults()
              .setOriginDescription(preset.origin())
              .setIncluder(includes));
    } catch (ConfigException e) {
      throw new InputException("not a settings file: " + e.getMessage(), e);
    }
  }

  /**
   * Reads what a file includes. The library's own way, from a text, would look among classes, and
   * pass over what is not there.
   *
   * @param chain the file, and before it the one that includes it, and so on
   */
  private record Includes(List<Preset> chain) implements ConfigIncluder, ConfigIncluderFile {

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String name) {
      Preset including = chain.get(chain.size() - 1);
      Preset included = including.included(name);
      if (chain.contains(included)) {
        throw new InputException("%s includes itself".formatted(included.origin()));
      }
      List<Preset> longer = new ArrayList<>(chain);
      longer.add(included);
      return parse(included, new Includes(longer)).root();
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File file) {
      return include(context, file.getPath());
    }
  }

  private static Config resolve(Config config, Optional<Preset> preset) {
    try {
      return config.resolve();
    } catch (ConfigException e) {
      String origin = preset.map(Preset::origin).orElse("the settings");
      throw new InputException("%s: %s".formatted(origin, e.getMessage()), e);
    }
  }

  private static void refuseUnknown(String prefix, ConfigObject section) {
    for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
      String name = prefix + entry.getKey();
      ConfigValue value = entry.getValue();
      if (name.equals(PROVENANCE)) {
        continue;
      }
      if (entry.getKey().contains(".")) {
        throw new InputException(
            "%s in quotes is one word and no path: write it without (%s)"
                .formatted(name, value.origin().description()));
      }
      if (value instanceof ConfigObject object && !Defaults.names().contains(name)) {
        refuseUnknown(name + ".", object);
      } else if (!Defaults.names().contains(name)) {
        throw new InputException("%s (%s)".formatted(unknown(name), value.origin().description()));
      }
    }
  }

  private static String unknown(String name) {
    return "unknown setting %s; did you mean %s?"
        .formatted(name, NearestName.to(name, Defaults.names()));
  }
}
