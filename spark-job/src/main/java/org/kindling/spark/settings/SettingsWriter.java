package org.kindling.spark.settings;

import com.typesafe.config.ConfigUtil;
import java.util.Map;
import org.kindling.model.SettingNames;

/** Writes settings as a file that reads back to the same settings. */
public final class SettingsWriter {
  private SettingsWriter() {}

  /**
   * Every setting in a line of its own, in sections:
   *
   * <pre>
   * model {
   *   type = gpt
   *   layers = 4
   * </pre>
   */
  public static String toHocon(Settings settings) {
    StringBuilder text = new StringBuilder();
    String open = "";
    for (Map.Entry<String, Object> entry : SettingsRecords.values(settings).entrySet()) {
      String[] sectionAndName = entry.getKey().split("\\.", 2);
      if (!sectionAndName[0].equals(open)) {
        text.append(open.isEmpty() ? "" : "}\n").append(sectionAndName[0]).append(" {\n");
        open = sectionAndName[0];
      }
      text.append("  ").append(sectionAndName[1]).append(" = ");
      text.append(literal(entry.getValue())).append('\n');
    }
    return text.append("}\n").toString();
  }

  private static String literal(Object value) {
    if (value instanceof String string) {
      return ConfigUtil.quoteString(string);
    }
    return value instanceof Enum<?> constant ? SettingNames.of(constant) : value.toString();
  }
}
