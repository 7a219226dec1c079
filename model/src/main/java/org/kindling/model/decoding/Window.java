package org.kindling.model.decoding;

/**
 * The last T tokens of one slot's sequence, and how many of them are computed.
 *
 * <p>With T = 3, after a, b, c: {@code [a b c]}; after d, {@code [b c d]} and nothing computed,
 * since each token has moved to another position.
 */
final class Window {
  private final int[] tokens;
  private final int vocabulary;
  private int length;
  private int computed;

  Window(int context, int vocabulary) {
    this.tokens = new int[context];
    this.vocabulary = vocabulary;
  }

  void begin(int[] prompt) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("the prompt has no tokens");
    }
    for (int token : prompt) {
      require(token);
    }
    length = Math.min(prompt.length, tokens.length);
    System.arraycopy(prompt, prompt.length - length, tokens, 0, length);
    computed = 0;
  }

  void append(int token) {
    require(token);
    if (length == 0 || computed < length) {
      throw new IllegalStateException("a token is added to logits, and there are none yet");
    }
    if (length == tokens.length) {
      System.arraycopy(tokens, 1, tokens, 0, --length);
      computed = 0;
    }
    tokens[length++] = token;
  }

  /** Ids index native memory, which has no bounds of its own. */
  private void require(int token) {
    if (token < 0 || token >= vocabulary) {
      throw new IllegalArgumentException(
          "token %d: the model has tokens 0 to %d".formatted(token, vocabulary - 1));
    }
  }

  int token(int position) {
    return tokens[position];
  }

  /** Tokens seen, at most T. */
  int length() {
    return length;
  }

  /** How many of them, from the first, are computed. */
  int computed() {
    return computed;
  }

  void computed(int count) {
    computed = count;
  }
}
