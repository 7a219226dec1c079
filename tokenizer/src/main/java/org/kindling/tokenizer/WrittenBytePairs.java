package org.kindling.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers a byte-level vocabulary from a file that writes tokens by their stand-in characters
 * ({@link ByteCharacters}), as {@code tokenizer.json} and {@code vocab.json} with {@code
 * merges.txt} do. In this order: tokens, special tokens, merges.
 *
 * <p>Ids may have holes, as in files whose special tokens begin at a round number; an id that
 * nothing has is in no encoded text.
 */
final class WrittenBytePairs {
  private final String file;
  private final String fileOfMerges;
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> specialTokens = new HashMap<>();
  private final List<BytePairVocabulary.Merge> merges = new ArrayList<>();

  /** A vocabulary without tokens; the files' names are for messages. */
  WrittenBytePairs(String file, String fileOfMerges) {
    this.file = file;
    this.fileOfMerges = fileOfMerges;
  }

  /** Takes each token and its id from an object like {@code {"a": 0, "Ġthe": 1}}. */
  void tokens(JsonNode vocabulary) {
    for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
      int id = id(entry.getKey(), entry.getValue());
      name(id, entry.getKey());
      ids.put(entry.getKey(), id);
    }
  }

  /** A special token; if a token of the vocabulary has its name, that one is meant. */
  void special(String name, JsonNode idInFile) {
    int id = id(name, idInFile);
    Integer known = ids.remove(name);
    if (known == null) {
      name(id, name);
    } else if (known != id) {
      throw damaged(
          "the added token %s has the id %d, but %d in the vocabulary"
              .formatted(quoted(name), id, known));
    }
    specialTokens.put(name, id);
  }

  /** The next merge, of lower priority than those before. */
  void merge(String left, String right) {
    int number = merges.size() + 1;
    merges.add(
        new BytePairVocabulary.Merge(
            part(left, left, right, number),
            part(right, left, right, number),
            part(left + right, left, right, number),
            merges.size()));
  }

  BytePairVocabulary vocabulary(PreTokenPattern pattern, boolean wholeTokensFirst) {
    requireAllBytes();
    requireMergesOnce();
    byte[][] tokens = new byte[names.size()][];
    for (Map.Entry<String, Integer> token : ids.entrySet()) {
      byte[] bytes = ByteCharacters.read(token.getKey());
      if (bytes == null || bytes.length == 0) {
        throw new TokenizerException(
            "%s has the token %s (id %d), which is not written in byte-level characters"
                .formatted(file, quoted(token.getKey()), token.getValue()));
      }
      tokens[token.getValue()] = bytes;
    }
    return BytePairVocabulary.of(tokens, merges, specialTokens, pattern, wholeTokensFirst);
  }

  private void requireAllBytes() {
    for (int value = 0; value < 256; value++) {
      String name = String.valueOf(ByteCharacters.of(value));
      if (!ids.containsKey(name)) {
        throw new TokenizerException(
            "%s has no token for the byte 0x%02X, %s; byte-level BPE needs one for each of 256"
                .formatted(file, value, quoted(name)));
      }
    }
  }

  /** Of a merge that is there twice, tools differ in which one counts. */
  private void requireMergesOnce() {
    long[] pairs = new long[merges.size()];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = (long) merges.get(i).left() << 32 | merges.get(i).right();
    }
    Arrays.sort(pairs);
    for (int i = 1; i < pairs.length; i++) {
      if (pairs[i - 1] == pairs[i]) {
        throw new TokenizerException(
            "%s is damaged: the merge of %s and %s is there twice"
                .formatted(
                    fileOfMerges,
                    quoted(names.get((int) (pairs[i] >>> 32))),
                    quoted(names.get((int) pairs[i]))));
      }
    }
  }

  private int id(String name, JsonNode id) {
    if (!id.canConvertToExactIntegral()
        || !id.canConvertToInt()
        || id.intValue() < 0
        || id.intValue() > BytePairVocabulary.LARGEST_ID) {
      throw damaged(
          "the id of %s is %s; ids are 0 to %d"
              .formatted(quoted(name), TokenizerJson.shortened(id), BytePairVocabulary.LARGEST_ID));
    }
    return id.intValue();
  }

  private void name(int id, String name) {
    while (names.size() <= id) {
      names.add(null);
    }
    if (names.get(id) != null) {
      throw damaged(
          "%s and %s have the same id %d".formatted(quoted(names.get(id)), quoted(name), id));
    }
    names.set(id, name);
  }

  private int part(String name, String left, String right, int number) {
    Integer id = ids.get(name);
    if (id == null) {
      throw damaged(
          "merge %d joins %s and %s, but %s is not in the vocabulary"
              .formatted(number, quoted(left), quoted(right), quoted(name)));
    }
    return id;
  }

  private static String quoted(String name) {
    return TokenizerJson.quoted(name);
  }

  private TokenizerException damaged(String how) {
    return new TokenizerException(file + " is damaged: " + how);
  }
}
