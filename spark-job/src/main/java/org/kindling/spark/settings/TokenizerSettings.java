package org.kindling.spark.settings;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.kindling.tokenizer.PreTokenPattern;

/**
 * How text becomes token ids.
 *
 * @param type what a vocabulary is made of that is made for the text
 * @param vocabSize tokens, special ones included; 0 for every character of the text
 * @param pattern how byte-level BPE cuts text before it merges
 * @param special names of BPE's special tokens, with commas between
 * @param path an existing tokenizer, which is used in place of a new one; empty for none
 * @param unknown what stands for characters outside a restricted vocabulary of characters; empty
 *     for nothing, so that they are refused
 */
public record TokenizerSettings(
    TokenizerType type,
    int vocabSize,
    PreTokenPattern pattern,
    String special,
    String path,
    String unknown)
    implements Serializable {
  private static final int BYTES = 256;

  public TokenizerSettings {
    Rule.atLeast(0, "tokenizer.vocab-size", vocabSize);
    List<String> names = names(special);
    Rule.check(
        names.stream().noneMatch(String::isBlank) && new HashSet<>(names).size() == names.size(),
        "tokenizer.special",
        special,
        "must be different names with commas between, or empty");
    if (path.isBlank() && type == TokenizerType.BPE) {
      int least = BYTES + names.size();
      Rule.check(
          vocabSize >= least,
          "tokenizer.vocab-size",
          vocabSize,
          "must be at least %d with tokenizer.type = bpe, for %d bytes and the special tokens (%d)"
              .formatted(least, BYTES, names.size()));
    }
    if (path.isBlank() && type == TokenizerType.CHAR && !unknown.isEmpty()) {
      Rule.check(
          vocabSize != 1,
          "tokenizer.vocab-size",
          vocabSize,
          "must be at least 2, a character and tokenizer.unknown, or 0 for every character");
    }
  }

  /** The names of BPE's special tokens. */
  public List<String> specialTokens() {
    return names(special);
  }

  private static List<String> names(String special) {
    return special.isBlank()
        ? List.of()
        : Arrays.stream(special.split(",", -1)).map(String::strip).toList();
  }
}
