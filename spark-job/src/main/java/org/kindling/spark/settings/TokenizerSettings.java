package org.kindling.spark.settings;

import java.io.Serializable;

/**
 * How text becomes token ids.
 *
 * @param type {@code char}: one token for each Unicode code point of the text
 */
public record TokenizerSettings(String type) implements Serializable {

  public TokenizerSettings {
    Rule.check(type.equals("char"), "tokenizer.type", type, "must be char");
  }
}
