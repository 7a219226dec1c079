package org.kindling.spark.generation;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.kindling.model.decoding.TokenSink;
import org.kindling.tokenizer.TokenStream;

/** Hands on the text of one sequence, whole characters only, and says when it has ended. */
final class Continuation implements TokenSink {
  private final TokenStream stream;
  private final OptionalInt endOfText;
  private final GrowingText growing;
  private final Consumer<String> text;
  private int tokens;
  private boolean stopped;
  private boolean ended;

  /**
   * @param stream of tokens to text
   * @param endOfText the token that ends it, if one does
   * @param stop texts that end it, and are not handed on
   * @param text receives it piece by piece
   */
  Continuation(
      TokenStream stream, OptionalInt endOfText, List<String> stop, Consumer<String> text) {
    this.stream = stream;
    this.endOfText = endOfText;
    this.growing = new GrowingText(stop);
    this.text = text;
  }

  @Override
  public boolean take(int token) {
    tokens++;
    if (endOfText.isPresent() && token == endOfText.getAsInt()) {
      stopped = true;
      return false;
    }
    text.accept(growing.add(stream.next(token)));
    stopped = growing.stopped();
    return !stopped;
  }

  @Override
  public void end() {
    text.accept(growing.add(stream.end()) + growing.end());
    stopped |= growing.stopped();
    ended = true;
  }

  /** Whether no token will come. */
  boolean ended() {
    return ended;
  }

  /** Whether a token or a text has ended it, and not the number of tokens. */
  boolean stopped() {
    return stopped;
  }

  /** How many tokens were taken. */
  int tokens() {
    return tokens;
  }
}
