package org.kindling.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * 256 bytes, each its own id; then {@code he ll hell hello lo}, made in this order; last, {@code
 * <|endoftext|>}. The merge of {@code hell} and {@code o} makes {@code hello}; {@code lo} comes too
 * late for it.
 */
final class SmallVocabulary {
  static final int HE = 256;
  static final int LL = 257;
  static final int HELL = 258;
  static final int HELLO = 259;
  static final int LO = 260;
  static final int END_OF_TEXT = 261;

  private SmallVocabulary() {}

  static BytePairTokenizer tokenizer(PreTokenPattern pattern) {
    List<byte[]> tokens = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      tokens.add(new byte[] {(byte) value});
    }
    for (String token : List.of("he", "ll", "hell", "hello", "lo")) {
      tokens.add(token.getBytes(StandardCharsets.US_ASCII));
    }
    List<BytePairVocabulary.Merge> merges =
        List.of(
            new BytePairVocabulary.Merge('h', 'e', HE, 0),
            new BytePairVocabulary.Merge('l', 'l', LL, 1),
            new BytePairVocabulary.Merge(HE, LL, HELL, 2),
            new BytePairVocabulary.Merge(HELL, 'o', HELLO, 3),
            new BytePairVocabulary.Merge('l', 'o', LO, 4));
    return new BytePairTokenizer(
        BytePairVocabulary.of(
            tokens.toArray(byte[][]::new),
            merges,
            Map.of("<|endoftext|>", END_OF_TEXT),
            pattern,
            false));
  }

  /** Its file, with GPT-2's pattern. */
  static String json() {
    return tokenizer(PreTokenPattern.GPT2).toJson();
  }

  /** Its file after a change. */
  static String json(Consumer<ObjectNode> change) {
    return edited(json(), change);
  }

  /** Any file after a change. */
  static String edited(String json, Consumer<ObjectNode> change) {
    try {
      ObjectNode root = (ObjectNode) new JsonMapper().readTree(json);
      change.accept(root);
      return root.toString();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
