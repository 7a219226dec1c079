package org.kindling.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Byte-level BPE in {@code tokenizer.json}, as GPT-2, Llama 3 and Qwen2 have it.
 *
 * <p>The vocabulary and the merges are written in {@link ByteCharacters}. The Hugging Face library
 * loads what is written here and gives the same ids, with three things to know:
 *
 * <ul>
 *   <li>It finds special tokens in every text. So its {@code encode} is our {@link
 *       Tokenizer#encodeWithSpecials} with all of them allowed; our {@link Tokenizer#encode} takes
 *       {@code <|endoftext|>} for the characters it is written in.
 *   <li>Its merges have no equal ranks. Those of a rank file do, so they are written by rank, then
 *       by the ids of the parts, as the library's own conversion does.
 *   <li>A character that the Java platform's version of Unicode does not know yet (Java 17 has
 *       Unicode 13) is no letter, number or space to us, while the library, which has a later one,
 *       may cut the text otherwise there. All others are of the same class for both.
 * </ul>
 *
 * <p>Special tokens are written into the vocabulary, too: the library numbers those that it does
 * not find there by itself, without regard to holes.
 *
 * <p>Read are: merges as {@code "a b"} and as {@code ["a", "b"]}; {@code ignore_merges}; added
 * tokens; the normalizer NFC. A post-processor only adds special tokens around the ids, and
 * Kindling's ids are the library's without these ({@code add_special_tokens=False}), so it is left
 * out.
 */
final class BytePairJson {
  private static final Set<String> POST_PROCESSORS =
      Set.of("ByteLevel", "TemplateProcessing", "RobertaProcessing", "BertProcessing", "Sequence");

  /**
   * The library passes over merges {@code "a b"} that begin so, as over merges.txt's first line.
   */
  private static final String NO_MERGE = "#version";

  private BytePairJson() {}

  /** The file; {@code normalizer} is a type of the library's, or null for none. */
  static String write(BytePairVocabulary vocabulary, String normalizer) {
    JsonNode normalizerStage =
        normalizer == null
            ? NullNode.getInstance()
            : TokenizerJson.JSON.createObjectNode().put("type", normalizer);
    ObjectNode root =
        TokenizerJson.fileWithoutModel(
            normalizerStage,
            PreTokenizerJson.write(vocabulary.pattern()),
            PreTokenizerJson.byteLevel(true));
    String[] names = names(vocabulary, root.withArray("added_tokens"));
    ObjectNode model = TokenizerJson.putModel(root, null);
    model.put("ignore_merges", vocabulary.wholeTokensFirst());
    ObjectNode tokens = model.putObject("vocab");
    for (int id = 0; id < names.length; id++) {
      if (names[id] != null && tokens.replace(names[id], tokens.numberNode(id)) != null) {
        throw new TokenizerException(
            "tokenizer.json cannot hold the special token %s: a token is written the same"
                .formatted(TokenizerJson.quoted(names[id])));
      }
    }
    ArrayNode merges = model.putArray("merges");
    List<BytePairVocabulary.Merge> inOrder = inOrder(vocabulary.merges());
    boolean asPairs = inOrder.stream().anyMatch(m -> names[m.left()].startsWith(NO_MERGE));
    for (BytePairVocabulary.Merge merge : inOrder) {
      if (asPairs) {
        merges.addArray().add(names[merge.left()]).add(names[merge.right()]);
      } else {
        merges.add(names[merge.left()] + " " + names[merge.right()]);
      }
    }
    try {
      return TokenizerJson.JSON.writer(TokenizerJson.LINES).writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of strings and numbers is always writable", e);
    }
  }

  private static String[] names(BytePairVocabulary vocabulary, ArrayNode addedTokens) {
    String[] names = new String[vocabulary.size()];
    vocabulary.specialTokens().forEach((name, id) -> names[id] = name);
    for (int id = 0; id < names.length; id++) {
      if (names[id] != null) {
        ObjectNode token = addedTokens.addObject();
        token.put("id", id);
        token.put("content", names[id]);
        token.put("single_word", false);
        token.put("lstrip", false);
        token.put("rstrip", false);
        token.put("normalized", false);
        token.put("special", true);
      } else if (vocabulary.length(id) > 0) {
        names[id] = ByteCharacters.write(vocabulary.bytes(id));
      }
    }
    return names;
  }

  private static List<BytePairVocabulary.Merge> inOrder(List<BytePairVocabulary.Merge> merges) {
    List<BytePairVocabulary.Merge> sorted = new ArrayList<>(merges);
    sorted.sort(
        Comparator.comparingInt(BytePairVocabulary.Merge::rank)
            .thenComparingInt(BytePairVocabulary.Merge::left)
            .thenComparingInt(BytePairVocabulary.Merge::right));
    return sorted;
  }

  static Tokenizer read(JsonNode root) {
    JsonNode model = root.path("model");
    JsonNode postProcessor = root.path("post_processor");
    if (!POST_PROCESSORS.contains(postProcessor.path("type").asText(""))) {
      TokenizerJson.requireUnset("post_processor", postProcessor);
    }
    JsonNode normalizer = root.path("normalizer");
    boolean composes = normalizer.path("type").asText("").equals("NFC");
    if (!composes) {
      TokenizerJson.requireUnset("normalizer", normalizer);
    }
    PreTokenPattern pattern = PreTokenizerJson.read(root.path("pre_tokenizer"));
    WrittenBytePairs pairs = new WrittenBytePairs("tokenizer.json", "tokenizer.json");
    if (!model.path("vocab").isObject() || model.path("vocab").isEmpty()) {
      throw TokenizerJson.damaged("it has no \"model.vocab\"");
    }
    pairs.tokens(model.path("vocab"));
    JsonNode addedTokens = root.path("added_tokens");
    if (!addedTokens.isArray() && !TokenizerJson.isUnset(addedTokens)) {
      throw TokenizerJson.damaged("\"added_tokens\" is not an array");
    }
    addedTokens.forEach(token -> addSpecial(pairs, token));
    if (!model.path("merges").isArray()) {
      throw TokenizerJson.damaged("it has no array \"model.merges\"");
    }
    model.path("merges").forEach(merge -> addMerge(pairs, merge));
    BytePairVocabulary vocabulary =
        pairs.vocabulary(pattern, model.path("ignore_merges").asBoolean(false));
    return new BytePairTokenizer(vocabulary, composes);
  }

  private static void addSpecial(WrittenBytePairs pairs, JsonNode token) {
    JsonNode content = token.path("content");
    if (!content.isTextual() || content.textValue().isEmpty()) {
      throw TokenizerJson.damaged(
          "an added token has no \"content\": " + TokenizerJson.shortened(token));
    }
    String name = content.textValue();
    for (String option : List.of("single_word", "lstrip", "rstrip")) {
      TokenizerJson.requireUnset("added_tokens." + option, token.path(option));
    }
    boolean isMarkup = name.startsWith("<") && name.endsWith(">");
    if (!isMarkup && !token.path("special").asBoolean(false)) {
      throw new TokenizerException(
          "tokenizer.json has the added token %s, which is not special;"
                  .formatted(TokenizerJson.quoted(name))
              + " Kindling does not look for added tokens in plain text");
    }
    pairs.special(name, token.path("id"));
  }

  private static void addMerge(WrittenBytePairs pairs, JsonNode merge) {
    if (merge.isTextual()) {
      String text = merge.textValue();
      if (text.startsWith(NO_MERGE)) {
        return;
      }
      int space = text.indexOf(' ');
      if (space > 0 && space < text.length() - 1 && text.indexOf(' ', space + 1) < 0) {
        pairs.merge(text.substring(0, space), text.substring(space + 1));
        return;
      }
    } else if (merge.size() == 2 && merge.path(0).isTextual() && merge.path(1).isTextual()) {
      pairs.merge(merge.path(0).textValue(), merge.path(1).textValue());
      return;
    }
    throw TokenizerJson.damaged(
        "a merge is %s; it must be \"a b\" or [\"a\", \"b\"]"
            .formatted(TokenizerJson.shortened(merge)));
  }
}
