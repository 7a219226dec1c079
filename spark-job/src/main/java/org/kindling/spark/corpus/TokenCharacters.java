package org.kindling.spark.corpus;

import org.kindling.tokenizer.BytePairTokenizer;
import org.kindling.tokenizer.BytePairVocabulary;
import org.kindling.tokenizer.Tokenizer;

/**
 * How many characters (code points) of text each token stands for, so that sums over tokens are
 * exact.
 *
 * <p>A byte-level token may be a part of a character. The character counts with the token that has
 * its first byte: of the euro sign's bytes {@code E2 82 AC}, cut into {@code E2} and {@code 82 AC},
 * the first token counts 1 and the second 0. Special tokens are not text and count 0.
 */
final class TokenCharacters {
  private TokenCharacters() {}

  /** The number for each id. */
  static int[] of(Tokenizer tokenizer) {
    int[] characters = new int[tokenizer.vocabularySize()];
    for (int id = 0; id < characters.length; id++) {
      characters[id] =
          tokenizer instanceof BytePairTokenizer bytePairs
              ? begun(bytePairs.vocabulary(), id)
              : 1; // each character is one token, the unknown ones too
    }
    return characters;
  }

  private static int begun(BytePairVocabulary vocabulary, int id) {
    int begun = 0;
    for (byte value : vocabulary.bytes(id)) { // none for a special token
      begun += (value & 0xC0) == 0x80 ? 0 : 1;
    }
    return begun;
  }
}
