package org.kindling.tokenizer;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Byte-level BPE of composed text, as Qwen2's files ask for: a text is brought into Unicode's
 * normalisation form C before it is encoded. An {@code e} with a combining acute accent after it
 * gives the ids of {@code é}; so decoding gives the composed text, not always the very text that
 * was encoded.
 *
 * <p>The form is that of the Java platform's version of Unicode. The Hugging Face library's is that
 * of Unicode 9: it does not bring two marks on one letter into their order if one of them is
 * younger, as some sixty marks of minor scripts are.
 */
final class ComposingTokenizer implements Tokenizer {
  private static final long serialVersionUID = 1;

  /** Below this, nothing changes or combines with what stands before it. */
  private static final int FIRST_COMBINING = 0x300;

  private final BytePairVocabulary vocabulary;
  private final BytePairTokenizer composed;

  ComposingTokenizer(BytePairVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.composed = new BytePairTokenizer(vocabulary);
  }

  @Override
  public int vocabularySize() {
    return composed.vocabularySize();
  }

  @Override
  public int[] encode(String text) {
    return composed.encode(Normalizer.normalize(text, Normalizer.Form.NFC));
  }

  /**
   * Special tokens are found before composing: a combining stroke after {@code <|endoftext|>} must
   * not change its last character.
   */
  @Override
  public int[] encodeWithSpecials(String text, Set<String> allowed) {
    composed.encodeWithSpecials("", allowed); // refuses what is no special token
    IntStream.Builder ids = IntStream.builder();
    int from = 0;
    for (int at = 0; at < text.length(); ) {
      String special = longestAt(text, at, allowed);
      if (special.isEmpty()) {
        at++;
      } else {
        Arrays.stream(encode(text.substring(from, at))).forEach(ids::add);
        ids.add(vocabulary.specialTokens().get(special));
        at += special.length();
        from = at;
      }
    }
    Arrays.stream(encode(text.substring(from))).forEach(ids::add);
    return ids.build().toArray();
  }

  private static String longestAt(String text, int at, Set<String> specials) {
    String longest = "";
    for (String special : specials) {
      if (special.length() > longest.length() && text.startsWith(special, at)) {
        longest = special;
      }
    }
    return longest;
  }

  @Override
  public String decode(int[] ids) {
    return composed.decode(ids);
  }

  @Override
  public TokenStream decoder() {
    return composed.decoder();
  }

  @Override
  public OptionalInt endOfText() {
    return composed.endOfText();
  }

  /** Where a composed text may be cut, and both sides are composed already. */
  @Override
  public SafeCut cuts() {
    SafeCut cuts = composed.cuts();
    return (beforeLast, last, next) ->
        cuts.between(beforeLast, last, next) && isComposed(last) && isComposed(next);
  }

  private static boolean isComposed(int codePoint) {
    return codePoint < FIRST_COMBINING
        || Normalizer.isNormalized(Character.toString(codePoint), Normalizer.Form.NFC);
  }

  @Override
  public String toJson() {
    return BytePairJson.write(vocabulary, "NFC");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ComposingTokenizer that && composed.equals(that.composed);
  }

  @Override
  public int hashCode() {
    return composed.hashCode();
  }

  @Override
  public String toString() {
    return "composing " + composed;
  }
}
