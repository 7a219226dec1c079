package org.kindling.tokenizer;

/** Text, ids or a file that the tokenizer cannot take; the message says which, and why. */
public final class TokenizerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public TokenizerException(String message) {
    super(message);
  }

  public TokenizerException(String message, Throwable cause) {
    super(message, cause);
  }
}
