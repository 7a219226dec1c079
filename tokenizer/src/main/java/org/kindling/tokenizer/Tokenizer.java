package org.kindling.tokenizer;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Text to token ids and back.
 *
 * <p>{@code decode(encode(text))} is {@code text} for every text that {@link #encode} takes, but
 * for characters that an unknown token stands for, for what a tokenizer with the normalizer NFC
 * composes, and for halves of surrogate pairs. Implementations are immutable, may be used by many
 * threads at once, and serialise to little more than their vocabulary.
 */
public interface Tokenizer extends Serializable {

  /** The number of ids; they are 0 to {@code vocabularySize() - 1}. */
  int vocabularySize();

  /**
   * The ids of a text.
   *
   * @throws TokenizerException if the vocabulary lacks a character of the text; the message names
   *     the character, its code point and its offset
   */
  int[] encode(String text);

  /**
   * Adds the ids of a text to a buffer: the way for many texts, since it need not allocate.
   *
   * @throws TokenizerException as {@link #encode(String)}
   */
  default void encode(String text, TokenBuffer into) {
    into.addAll(encode(text));
  }

  /**
   * The ids of a text in which the given special tokens, where they are written out, are the tokens
   * of that name. A tokenizer without special tokens takes them for plain text.
   *
   * @param allowed texts of special tokens; all others remain plain text
   */
  default int[] encodeWithSpecials(String text, Set<String> allowed) {
    return encode(text);
  }

  /** The special token that ends a document, if the vocabulary has one. */
  default OptionalInt endOfText() {
    return OptionalInt.empty();
  }

  /** Where a long text may be cut, so that its parts can be encoded by themselves. */
  SafeCut cuts();

  /** Decodes token by token; each stream for one text. */
  TokenStream decoder();

  /**
   * The text of some ids.
   *
   * @throws TokenizerException if an id is outside the vocabulary
   */
  String decode(int[] ids);

  /** The tokenizer as a {@code tokenizer.json} of the Hugging Face library; plain ASCII. */
  String toJson();

  /** The SHA-256 of {@link #toJson()} in hexadecimal: equal for tokenizers that do the same. */
  default String fingerprint() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(toJson().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @throws TokenizerException if the file is damaged, or asks for something that Kindling lacks;
   *     the message says what
   */
  static Tokenizer fromJson(String json) {
    return TokenizerJson.read(json);
  }
}
