package org.kindling.tokenizer;

/**
 * Decodes ids one at a time, as a model makes them, and never gives half a character.
 *
 * <p>A token of byte-level BPE may end inside a character. The euro sign is the bytes {@code E2 82
 * AC}; where one token ends after {@code E2 82} and the next begins with {@code AC}:
 *
 * <pre>{@code
 * TokenStream stream = tokenizer.decoder();
 * stream.next(first);   // ""
 * stream.next(second);  // "€"
 * stream.end();         // ""
 * }</pre>
 *
 * <p>Whatever the ids are, the texts joined are {@link Tokenizer#decode} of all ids: bytes that are
 * not UTF-8 become U+FFFD in the same places.
 *
 * <p>One text at a time, one thread at a time. After {@link #end} the next text may begin.
 */
public interface TokenStream {

  /**
   * The text that is certain now: what was held back, and this token's, up to the last whole
   * character. May be empty.
   *
   * @throws TokenizerException if the id is outside the vocabulary; the stream is as before
   */
  String next(int id);

  /** What is still held back, where the text ends inside a character; empty otherwise. */
  String end();
}
