package org.kindling.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;

/**
 * Reads and writes {@code tokenizer.json}, the file of the Hugging Face tokenizers library.
 *
 * <p>Kindling's two kinds of tokenizer are both the library's model "BPE"; the decoder tells them
 * apart: "Fuse" for characters ({@link CharacterJson}), "ByteLevel" for byte-level BPE ({@link
 * BytePairJson}). What a file asks for beyond that is refused by name, since ignoring it would give
 * other ids than the library does.
 */
final class TokenizerJson {
  /** A token may be as long as the text has it, 65,536 hyphens for example. */
  private static final StreamReadConstraints ANY_LENGTH =
      StreamReadConstraints.builder()
          .maxNameLength(Integer.MAX_VALUE)
          .maxStringLength(Integer.MAX_VALUE)
          .build();

  /** ASCII only, so that a lone surrogate, which UTF-8 cannot hold, survives in a file too. */
  static final JsonMapper JSON =
      JsonMapper.builder(JsonFactory.builder().streamReadConstraints(ANY_LENGTH).build())
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** A merge is a line. With its own line end, since the file's digest is the same everywhere. */
  static final DefaultPrettyPrinter LINES =
      new DefaultPrettyPrinter()
          .withObjectIndenter(new DefaultIndenter("  ", "\n"))
          .withArrayIndenter(new DefaultIndenter("  ", "\n"));

  /** They cut or lengthen the ids of a text, whatever the tokenizer. */
  private static final List<String> UNSUPPORTED_STAGES = List.of("truncation", "padding");

  private static final List<String> UNSUPPORTED_MODEL_OPTIONS =
      List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback");

  private TokenizerJson() {}

  static Tokenizer read(String json) {
    JsonNode root = parse("tokenizer.json", json);
    JsonNode model = root.path("model");
    if (!model.isObject()) {
      throw damaged("it has no object \"model\"");
    }
    requireBpe(model);
    UNSUPPORTED_STAGES.forEach(name -> requireUnset(name, root.path(name)));
    UNSUPPORTED_MODEL_OPTIONS.forEach(name -> requireUnset("model." + name, model.path(name)));
    String decoder = root.path("decoder").path("type").asText("");
    return switch (decoder) {
      case "Fuse" -> CharacterJson.read(root);
      case "ByteLevel" -> BytePairJson.read(root);
      default ->
          throw new TokenizerException(
              "tokenizer.json has the decoder %s; Kindling reads \"ByteLevel\" and \"Fuse\""
                  .formatted(quoted(decoder)));
    };
  }

  /** Files of the library's first versions have no type; only BPE has merges. */
  private static void requireBpe(JsonNode model) {
    String type = model.path("type").asText(model.has("merges") ? "BPE" : "");
    if (!type.equals("BPE")) {
      throw new TokenizerException(
          "tokenizer.json has the model type %s; Kindling reads \"BPE\"".formatted(quoted(type)));
    }
  }

  /** The file's tree; the name is for the message. */
  static JsonNode parse(String file, String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " (line %d, column %d)"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw new TokenizerException(
          file + " is not valid JSON: " + e.getOriginalMessage().replace('\n', ' ') + where, e);
    }
  }

  /** The part that is the same in every file, in the library's order, up to the model. */
  static ObjectNode fileWithoutModel(JsonNode normalizer, JsonNode preTokenizer, JsonNode decoder) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    root.putArray("added_tokens");
    root.set("normalizer", normalizer);
    root.set("pre_tokenizer", preTokenizer);
    root.putNull("post_processor");
    root.set("decoder", decoder);
    return root;
  }

  /** The beginning of the model; the caller adds the vocabulary and the merges. */
  static ObjectNode putModel(ObjectNode root, String unknownToken) {
    ObjectNode model = root.putObject("model");
    model.put("type", "BPE");
    model.putNull("dropout");
    model.put("unk_token", unknownToken);
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    return model;
  }

  static TokenizerException damaged(String how) {
    return new TokenizerException("tokenizer.json is damaged: " + how);
  }

  /**
   * Refuses what asks for more than Kindling does.
   *
   * @throws TokenizerException if the value is anything but absent, null, false, 0 or empty
   */
  static void requireUnset(String name, JsonNode value) {
    if (!isUnset(value)) {
      throw new TokenizerException(
          "tokenizer.json sets \"%s\" to %s, which Kindling does not support"
              .formatted(name, shortened(value)));
    }
  }

  static boolean isUnset(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isBoolean() && !value.booleanValue())
        || (value.isNumber() && value.doubleValue() == 0)
        || (value.isTextual() && value.textValue().isEmpty())
        || (value instanceof ArrayNode array && array.isEmpty());
  }

  /** A text for a message: in quotation marks, on one line, and not all of a long one. */
  static String quoted(String text) {
    return shortened(TextNode.valueOf(text));
  }

  /** A value for a message, at most a line of it. */
  static String shortened(JsonNode value) {
    String text = value.toString();
    return text.length() <= 120 ? text : text.substring(0, 120) + "...";
  }
}
