package org.kindling.tokenizer;

import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Byte-level BPE: text is cut into pre-tokens by a {@link PreTokenPattern}, each becomes its UTF-8
 * bytes, and these are merged.
 *
 * <p>Ids equal those of tiktoken and of the Hugging Face library for the same vocabulary. UTF-8 has
 * no bytes for a surrogate without its partner; it becomes what jtokkit makes of it (see {@link
 * PreTokenPattern}). All other text comes back from {@link #decode} as it was.
 *
 * <p>Some files (Qwen2's) ask for composed text: it is brought into Unicode's normalisation form C
 * before it is encoded, so that an {@code e} with a combining acute accent after it gives the ids
 * of {@code é}, and decoding gives the composed text. The form is that of the Java platform's
 * version of Unicode. The Hugging Face library's is that of Unicode 9: it does not bring two marks
 * on one letter into their order if one of them is younger, as some sixty marks of minor scripts
 * are.
 *
 * <p>Special tokens are never made from text by {@link #encode}: in it, {@code "<|endoftext|>"} is
 * thirteen characters like others. {@link #encodeWithSpecials} makes those that are asked for.
 */
public final class BytePairTokenizer implements Tokenizer {
  private static final long serialVersionUID = 1;

  /** Names of the token that ends a document, as the files of well-known models have it. */
  private static final List<String> END_OF_TEXT =
      List.of("<|endoftext|>", "<|end_of_text|>", "</s>");

  /** Below this, nothing changes or combines with what stands before it. */
  private static final int FIRST_COMBINING = 0x300;

  private final BytePairVocabulary vocabulary;
  private final boolean composes;

  /** Pre-tokens that are one token. */
  private final transient TokenTable whole;

  private final transient ShortTokens shortTokens;
  private final transient PairTable pairs;
  private final transient int[] byteTokens;
  private final transient ThreadLocal<TextEncoder> encoders;

  public BytePairTokenizer(BytePairVocabulary vocabulary) {
    this(vocabulary, false);
  }

  /** A tokenizer that composes text before it encodes it, if {@code composes}. */
  BytePairTokenizer(BytePairVocabulary vocabulary, boolean composes) {
    this.vocabulary = vocabulary;
    this.composes = composes;
    this.pairs = new PairTable(vocabulary);
    this.byteTokens = new int[256];
    for (int id = vocabulary.size() - 1; id >= 0; id--) {
      if (vocabulary.length(id) == 1) {
        byteTokens[vocabulary.allBytes()[vocabulary.start(id)] & 0xFF] = id;
      }
    }
    this.whole =
        vocabulary.wholeTokensFirst()
            ? TokenTable.ofAll(vocabulary)
            : TokenTable.of(vocabulary, this::isMadeByMerges);
    this.shortTokens = new ShortTokens(vocabulary, whole);
    this.encoders =
        ThreadLocal.withInitial(
            () ->
                new TextEncoder(
                    vocabulary.pattern(), shortTokens, whole, new Merger(pairs, byteTokens)));
  }

  /**
   * Whether merging the token's own bytes gives it; else its bytes are several tokens in a text.
   */
  private boolean isMadeByMerges(int id) {
    TokenBuffer made = new TokenBuffer(8);
    int start = vocabulary.start(id);
    new Merger(pairs, byteTokens)
        .merge(vocabulary.allBytes(), start, start + vocabulary.length(id), made);
    return made.size() == 1 && made.get(0) == id;
  }

  public BytePairVocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public int[] encode(String text) {
    TokenBuffer ids = new TokenBuffer(16 + text.length() / 3);
    encode(text, ids);
    return ids.toArray();
  }

  @Override
  public void encode(String text, TokenBuffer into) {
    append(text, 0, text.length(), into);
  }

  private void append(String text, int from, int to, TokenBuffer into) {
    if (composes) {
      String composed = Normalizer.normalize(text.substring(from, to), Normalizer.Form.NFC);
      encoders.get().encode(composed, 0, composed.length(), into);
    } else {
      encoders.get().encode(text, from, to, into);
    }
  }

  /**
   * {@inheritDoc} Where several could begin, the longest is taken. They are found before composing:
   * a combining stroke after {@code <|endoftext|>} does not change its last character.
   *
   * @throws TokenizerException if one of these is no special token of the vocabulary
   */
  @Override
  public int[] encodeWithSpecials(String text, Set<String> allowed) {
    for (String special : allowed) {
      if (!vocabulary.specialTokens().containsKey(special)) {
        throw new TokenizerException(
            "%s is not a special token of the vocabulary; these are: %s"
                .formatted(special, String.join(", ", vocabulary.specialTokens().keySet())));
      }
    }
    TokenBuffer ids = new TokenBuffer(16 + text.length() / 3);
    SpecialTokenFinder finder = new SpecialTokenFinder(text, allowed);
    int from = 0;
    for (Optional<SpecialTokenFinder.Found> found = finder.next(0);
        found.isPresent();
        found = finder.next(from)) {
      append(text, from, found.get().at(), ids);
      ids.add(vocabulary.specialTokens().get(found.get().special()));
      from = found.get().at() + found.get().special().length();
    }
    append(text, from, text.length(), ids);
    return ids.toArray();
  }

  /**
   * The text of some ids: special tokens as they are written, U+FFFD for what is not UTF-8, and
   * nothing for an id that is no token's.
   *
   * @throws TokenizerException if an id is outside the vocabulary
   */
  @Override
  public String decode(int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 * ids.length);
    for (int id : ids) {
      bytes.writeBytes(tokenBytes(id));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /**
   * The bytes that an id stands for in a text; a special token's are those of its name.
   *
   * @throws TokenizerException if an id is outside the vocabulary
   */
  public byte[] tokenBytes(int id) {
    if (id < 0 || id >= vocabulary.size()) {
      throw new TokenizerException(
          "token id %d is outside the vocabulary; ids are 0 to %d"
              .formatted(id, vocabulary.size() - 1));
    }
    if (vocabulary.length(id) > 0) {
      return vocabulary.bytes(id);
    }
    for (var special : vocabulary.specialTokens().entrySet()) {
      if (special.getValue() == id) {
        return BytePairVocabulary.utf8(special.getKey());
      }
    }
    return new byte[0];
  }

  @Override
  public TokenStream decoder() {
    return new Utf8TokenStream(this::tokenBytes);
  }

  /** The pattern's; of text to be composed, where both sides are composed already. */
  @Override
  public SafeCut cuts() {
    SafeCut cuts = vocabulary.pattern().cuts();
    return composes
        ? (beforeLast, last, next) ->
            cuts.between(beforeLast, last, next) && isComposed(last) && isComposed(next)
        : cuts;
  }

  private static boolean isComposed(int codePoint) {
    return codePoint < FIRST_COMBINING
        || Normalizer.isNormalized(Character.toString(codePoint), Normalizer.Form.NFC);
  }

  @Override
  public OptionalInt endOfText() {
    return END_OF_TEXT.stream()
        .filter(vocabulary.specialTokens()::containsKey)
        .mapToInt(vocabulary.specialTokens()::get)
        .findFirst();
  }

  @Override
  public String toJson() {
    return BytePairJson.write(vocabulary, composes ? "NFC" : null);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BytePairTokenizer that
        && composes == that.composes
        && vocabulary.equals(that.vocabulary);
  }

  @Override
  public int hashCode() {
    return vocabulary.hashCode();
  }

  @Override
  public String toString() {
    return (composes ? "composing " : "") + vocabulary;
  }

  private Object writeReplace() {
    return new Made(vocabulary, composes);
  }

  /** What crosses the wire; the tables are built again where it arrives. */
  private record Made(BytePairVocabulary vocabulary, boolean composes) implements Serializable {
    private Object readResolve() {
      return new BytePairTokenizer(vocabulary, composes);
    }
  }
}
