package org.kindling.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * A character tokenizer in {@code tokenizer.json}: the model "BPE" with the characters as its
 * vocabulary and no merges. Without a pre-tokenizer the text is cut into single characters, and the
 * decoder "Fuse" joins them without spaces. A character that the vocabulary lacks becomes the
 * model's {@code unk_token}, if there is one. The Hugging Face library gives the same ids.
 */
final class CharacterJson {
  /** What would make the library's ids differ from ours, if it were set. */
  private static final List<String> UNSUPPORTED_STAGES =
      List.of("added_tokens", "normalizer", "pre_tokenizer");

  private CharacterJson() {}

  /** The file of these characters; an id without one, -1, is the unknown token's. */
  static String write(int[] codePoints, String unknownToken) {
    NullNode none = NullNode.getInstance();
    ObjectNode root =
        TokenizerJson.fileWithoutModel(
            none, none, TokenizerJson.JSON.createObjectNode().put("type", "Fuse"));
    ObjectNode model = TokenizerJson.putModel(root, unknownToken);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < codePoints.length; id++) {
      boolean isCharacter = codePoints[id] != CharacterTokenizer.NO_CHARACTER;
      vocabulary.put(isCharacter ? Character.toString(codePoints[id]) : unknownToken, id);
    }
    model.putArray("merges");
    try {
      return TokenizerJson.JSON.writer(TokenizerJson.LINES).writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of strings and numbers is always writable", e);
    }
  }

  static Tokenizer read(JsonNode root) {
    JsonNode model = root.path("model");
    UNSUPPORTED_STAGES.forEach(name -> requireUnset(name, root.path(name)));
    requireUnset("model.merges", model.path("merges"));
    JsonNode unknown = model.path("unk_token");
    String unknownToken = TokenizerJson.isUnset(unknown) ? null : unknown.asText();
    if (unknownToken != null) {
      requireUnset("model.fuse_unk", model.path("fuse_unk"));
      requireUnset("model.ignore_merges", model.path("ignore_merges"));
    }
    return new CharacterTokenizer(codePoints(model.path("vocab"), unknownToken), unknownToken);
  }

  private static void requireUnset(String name, JsonNode value) {
    if (!TokenizerJson.isUnset(value)) {
      throw new TokenizerException(
          "tokenizer.json sets \"%s\", which a character tokenizer does not have".formatted(name));
    }
  }

  private static int[] codePoints(JsonNode vocabulary, String unknownToken) {
    if (!vocabulary.isObject() || vocabulary.isEmpty()) {
      throw TokenizerJson.damaged("it has no \"model.vocab\"");
    }
    if (unknownToken != null && !vocabulary.has(unknownToken)) {
      throw TokenizerJson.damaged(
          "\"model.unk_token\" is \"%s\", which is not in \"model.vocab\"".formatted(unknownToken));
    }
    String[] tokens = new String[vocabulary.size()];
    int[] codePoints = new int[tokens.length];
    for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
      String token = entry.getKey();
      int codePoint = CharacterTokenizer.onlyCodePoint(token);
      if (codePoint == CharacterTokenizer.NO_CHARACTER && !token.equals(unknownToken)) {
        throw new TokenizerException(
            "tokenizer.json has the token %s; a character tokenizer's are one character each"
                .formatted(TokenizerJson.quoted(token)));
      }
      JsonNode value = entry.getValue();
      if (!value.canConvertToExactIntegral()
          || !value.canConvertToInt()
          || value.intValue() < 0
          || value.intValue() >= tokens.length) {
        throw TokenizerJson.damaged(
            "the id of %s is %s; ids are 0 to %d"
                .formatted(describe(token), value, tokens.length - 1));
      }
      int id = value.intValue();
      if (tokens[id] != null) {
        throw TokenizerJson.damaged(
            "%s and %s have the same id %d".formatted(describe(tokens[id]), describe(token), id));
      }
      tokens[id] = token;
      codePoints[id] = codePoint;
    }
    return codePoints;
  }

  private static String describe(String token) {
    int codePoint = CharacterTokenizer.onlyCodePoint(token);
    return codePoint == CharacterTokenizer.NO_CHARACTER
        ? TokenizerJson.quoted(token)
        : CodePoints.describe(codePoint);
  }
}
