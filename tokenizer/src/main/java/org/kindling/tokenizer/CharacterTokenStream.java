package org.kindling.tokenizer;

import java.util.function.IntFunction;

/**
 * The stream of tokens that are text. A token that ends in the first half of a pair of surrogates
 * keeps it back: the next may begin with the second half, and only both are a character.
 */
final class CharacterTokenStream implements TokenStream {
  private final IntFunction<String> textOfToken;
  private String heldBack = "";

  /**
   * A stream over these tokens.
   *
   * @param textOfToken the text of an id, or an exception if there is no such id
   */
  CharacterTokenStream(IntFunction<String> textOfToken) {
    this.textOfToken = textOfToken;
  }

  @Override
  public String next(int id) {
    String text = heldBack + textOfToken.apply(id);
    int end = text.length();
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    heldBack = text.substring(end);
    return text.substring(0, end);
  }

  @Override
  public String end() {
    String rest = heldBack;
    heldBack = "";
    return rest;
  }
}
