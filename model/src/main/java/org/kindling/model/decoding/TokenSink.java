package org.kindling.model.decoding;

/** What one sequence's tokens go to as they are chosen. */
@FunctionalInterface
public interface TokenSink {
  /**
   * Takes the next token.
   *
   * @return whether the sequence goes on; what ends it (a token, a text) is the sink's to know
   */
  boolean take(int token);

  /** After the last token, whether the sink has ended the sequence or its count was reached. */
  default void end() {}
}
