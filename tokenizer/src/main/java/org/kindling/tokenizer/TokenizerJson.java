package org.kindling.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes {@code tokenizer.json}, the file of the Hugging Face tokenizers library.
 *
 * <p>A character tokenizer is the model "BPE" with the characters as its vocabulary and no merges;
 * without a pre-tokenizer the text is cut into single characters, and the decoder "Fuse" joins them
 * without spaces. The library gives the same ids for it.
 */
final class TokenizerJson {
  /** ASCII only, so that a lone surrogate, which UTF-8 cannot hold, survives in a file too. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** What would make the library's ids differ from ours, if it were set. */
  private static final List<String> UNSUPPORTED_STAGES =
      List.of("truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer");

  private static final List<String> UNSUPPORTED_MODEL_OPTIONS =
      List.of(
          "dropout",
          "unk_token",
          "continuing_subword_prefix",
          "end_of_word_suffix",
          "byte_fallback",
          "merges");

  private TokenizerJson() {}

  static String write(int[] codePoints) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    root.putArray("added_tokens");
    root.putNull("normalizer");
    root.putNull("pre_tokenizer");
    root.putNull("post_processor");
    root.putObject("decoder").put("type", "Fuse");
    ObjectNode model = root.putObject("model");
    model.put("type", "BPE");
    model.putNull("dropout");
    model.putNull("unk_token");
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < codePoints.length; id++) {
      vocabulary.put(Character.toString(codePoints[id]), id);
    }
    model.putArray("merges");
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of strings and numbers is always writable", e);
    }
  }

  static Tokenizer read(String json) {
    JsonNode root = parse(json);
    JsonNode model = root.path("model");
    if (!model.isObject()) {
      throw new TokenizerException("tokenizer.json is damaged: it has no object \"model\"");
    }
    String type = model.path("type").asText("");
    if (!type.equals("BPE")) {
      throw new TokenizerException(
          "tokenizer.json has the model type '%s'; Kindling reads 'BPE' without merges"
              .formatted(type));
    }
    UNSUPPORTED_STAGES.forEach(name -> requireUnset(name, root.path(name)));
    UNSUPPORTED_MODEL_OPTIONS.forEach(name -> requireUnset("model." + name, model.path(name)));
    String decoder = root.path("decoder").path("type").asText("");
    if (!decoder.equals("Fuse")) {
      throw new TokenizerException(
          "tokenizer.json has the decoder '%s'; a character tokenizer needs 'Fuse'"
              .formatted(decoder));
    }
    return new CharacterTokenizer(codePoints(model.path("vocab")));
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " (line %d, column %d)"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw new TokenizerException(
          "tokenizer.json is not valid JSON: " + e.getOriginalMessage() + where, e);
    }
  }

  private static void requireUnset(String name, JsonNode value) {
    boolean unset =
        value.isMissingNode()
            || value.isNull()
            || (value.isBoolean() && !value.booleanValue())
            || (value.isNumber() && value.doubleValue() == 0)
            || (value.isTextual() && value.textValue().isEmpty())
            || (value instanceof ArrayNode array && array.isEmpty());
    if (!unset) {
      throw new TokenizerException(
          "tokenizer.json sets \"%s\", which a character tokenizer does not have".formatted(name));
    }
  }

  private static int[] codePoints(JsonNode vocabulary) {
    if (!vocabulary.isObject() || vocabulary.isEmpty()) {
      throw new TokenizerException("tokenizer.json is damaged: it has no \"model.vocab\"");
    }
    int[] codePoints = new int[vocabulary.size()];
    Arrays.fill(codePoints, -1);
    for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
      String token = entry.getKey();
      if (token.isEmpty() || token.codePointCount(0, token.length()) != 1) {
        throw new TokenizerException(
            "tokenizer.json has the token \"%s\"; a character tokenizer's are one character each"
                .formatted(token));
      }
      int codePoint = token.codePointAt(0);
      JsonNode id = entry.getValue();
      if (!id.canConvertToExactIntegral()
          || !id.canConvertToInt()
          || id.intValue() < 0
          || id.intValue() >= codePoints.length) {
        throw new TokenizerException(
            "tokenizer.json is damaged: the id of %s is %s; ids are 0 to %d"
                .formatted(CodePoints.describe(codePoint), id, codePoints.length - 1));
      }
      if (codePoints[id.intValue()] != -1) {
        throw new TokenizerException(
            "tokenizer.json is damaged: %s and %s have the same id %d"
                .formatted(
                    CodePoints.describe(codePoints[id.intValue()]),
                    CodePoints.describe(codePoint),
                    id.intValue()));
      }
      codePoints[id.intValue()] = codePoint;
    }
    return codePoints;
  }
}
