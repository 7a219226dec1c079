package org.kindling.spark.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of this package's resources with slots: {@code {{title}}}. */
final class Template {
  private static final Pattern SLOT = Pattern.compile("\\{\\{(\\w+)}}");

  private Template() {}

  /**
   * The page with its slots filled; {@code {{style}}} is what all pages look like.
   *
   * @param slots name, markup, name, markup, and so on
   */
  static String fill(String template, String... slots) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < slots.length; i += 2) {
      values.put(slots[i], slots[i + 1]);
    }
    values.put("style", resource("style.css"));
    return SLOT.matcher(resource(template))
        .replaceAll(slot -> Matcher.quoteReplacement(values.get(slot.group(1))));
  }

  static String resource(String name) {
    try (InputStream file = Template.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the job's jar lacks " + name, e);
    }
  }
}
