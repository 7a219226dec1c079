package org.kindling.spark.generation;

import java.util.List;
import java.util.OptionalInt;
import org.kindling.model.decoding.TokenSink;
import org.kindling.tokenizer.TokenStream;
import org.kindling.tokenizer.Tokenizer;

/** Collects the text of one sequence, and says when it has ended. */
final class Continuation implements TokenSink {
  private final TokenStream stream;
  private final OptionalInt endOfText;
  private final GrowingText growing;
  private final StringBuilder text = new StringBuilder();
  private int tokens;
  private boolean stopped;
  private boolean ended;

  Continuation(Tokenizer tokenizer, List<String> stop) {
    this.stream = tokenizer.decoder();
    this.endOfText = tokenizer.endOfText();
    this.growing = new GrowingText(stop);
  }

  @Override
  public boolean take(int token) {
    tokens++;
    if (endOfText.isPresent() && token == endOfText.getAsInt()) {
      stopped = true;
      return false;
    }
    text.append(growing.add(stream.next(token)));
    stopped = growing.stopped();
    return !stopped;
  }

  @Override
  public void end() {
    text.append(growing.add(stream.end())).append(growing.end());
    stopped |= growing.stopped();
    ended = true;
  }

  /** Whether no token will come. */
  boolean ended() {
    return ended;
  }

  /** How many tokens were taken. */
  int tokens() {
    return tokens;
  }

  /** What came of it, once it has ended. */
  Completion completion(int promptTokens, long seed) {
    String reason = stopped ? Completion.STOP : Completion.LENGTH;
    return new Completion(text.toString(), reason, promptTokens, tokens, seed, null);
  }
}
