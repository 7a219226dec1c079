package org.kindling.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How {@code tokenizer.json} says where a text is cut: the stage "pre_tokenizer" of a byte-level
 * file.
 *
 * <p>GPT-2's pattern is built into the library's stage "ByteLevel". Any other is a "Split" by a
 * regular expression, and a "ByteLevel" after it that cuts no more. Our scanners know patterns, not
 * expressions, so an expression is recognised by its text, in each of the spellings below.
 */
final class PreTokenizerJson {
  private static final Map<String, PreTokenPattern> SPELLINGS = spellings();

  private PreTokenizerJson() {}

  static JsonNode write(PreTokenPattern pattern) {
    ObjectNode byteLevel = byteLevel(pattern == PreTokenPattern.GPT2);
    if (pattern == PreTokenPattern.GPT2) {
      return byteLevel;
    }
    ObjectNode sequence = TokenizerJson.JSON.createObjectNode();
    sequence.put("type", "Sequence");
    ObjectNode split = sequence.putArray("pretokenizers").addObject();
    split.put("type", "Split");
    split.putObject("pattern").put("Regex", pattern.regex());
    split.put("behavior", "Isolated");
    split.put("invert", false);
    sequence.withArray("pretokenizers").add(byteLevel);
    return sequence;
  }

  /** The stage that writes bytes as characters, or, as a decoder, reads them. */
  static ObjectNode byteLevel(boolean cuts) {
    ObjectNode byteLevel = TokenizerJson.JSON.createObjectNode();
    byteLevel.put("type", "ByteLevel");
    byteLevel.put("add_prefix_space", false);
    byteLevel.put("trim_offsets", true);
    byteLevel.put("use_regex", cuts);
    return byteLevel;
  }

  static PreTokenPattern read(JsonNode stage) {
    if (isByteLevel(stage, true)) {
      return PreTokenPattern.GPT2;
    }
    JsonNode stages = stage.path("pretokenizers");
    if (type(stage).equals("Sequence")
        && stages.size() == 2
        && type(stages.get(0)).equals("Split")
        && isByteLevel(stages.get(1), false)) {
      return patternOf(stages.get(0));
    }
    throw new TokenizerException(
        "tokenizer.json has the pre_tokenizer %s; Kindling reads ByteLevel, or Split and ByteLevel"
                .formatted(TokenizerJson.shortened(stage))
            + " without its own pattern");
  }

  private static String type(JsonNode stage) {
    return stage.path("type").asText("");
  }

  private static boolean isByteLevel(JsonNode stage, boolean cuts) {
    if (!type(stage).equals("ByteLevel") || stage.path("use_regex").asBoolean(true) != cuts) {
      return false;
    }
    if (stage.path("add_prefix_space").asBoolean(true)) {
      throw new TokenizerException(
          "tokenizer.json sets \"pre_tokenizer.add_prefix_space\", which Kindling does not support:"
              + " a space before the text would be encoded, too");
    }
    return true;
  }

  private static PreTokenPattern patternOf(JsonNode split) {
    String behaviour = split.path("behavior").asText("");
    boolean invert = split.path("invert").asBoolean(false);
    // Every pattern matches every character, so what stands between matches, which "invert" with
    // "Removed" drops, is nothing.
    if (!(behaviour.equals("Isolated") || (behaviour.equals("Removed") && invert))) {
      throw new TokenizerException(
          "tokenizer.json has a Split with the behavior %s, invert %b; Kindling reads \"Isolated\""
              .formatted(TokenizerJson.quoted(behaviour), invert));
    }
    JsonNode regex = split.path("pattern").path("Regex");
    PreTokenPattern pattern = SPELLINGS.get(regex.asText(""));
    if (pattern == null) {
      throw new TokenizerException(
          "tokenizer.json cuts text by the pattern %s; Kindling knows those of GPT-2, GPT-4 and"
                  .formatted(split.path("pattern"))
              + " Llama 3, o200k, and Qwen2");
    }
    return pattern;
  }

  /** The expressions that cut as a pattern does. */
  static Map<String, PreTokenPattern> spellings() {
    Map<String, PreTokenPattern> patterns = new HashMap<>();
    for (PreTokenPattern pattern : PreTokenPattern.values()) {
      patterns.put(pattern.regex(), pattern);
    }
    String contractions = "'s|'t|'re|'ve|'m|'ll|'d";
    String gpt2 = "| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    patterns.put(contractions + gpt2, PreTokenPattern.GPT2);
    patterns.put("'(?:[sdmt]|ll|ve|re)" + gpt2, PreTokenPattern.GPT2);
    String words = "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
    String rest = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    for (String start : List.of("(?i:" + contractions + ")", "'(?i:[sdmt]|ll|ve|re)")) {
      patterns.put(start + words + "|\\p{N}{1,3}" + rest, PreTokenPattern.GPT4);
      patterns.put(start + words + "|\\p{N}" + rest, PreTokenPattern.QWEN2);
    }
    return Map.copyOf(patterns);
  }
}
