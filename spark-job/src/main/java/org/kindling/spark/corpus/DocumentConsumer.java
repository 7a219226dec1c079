package org.kindling.spark.corpus;

/** Takes the text of documents in their order, each in one piece or several. */
@FunctionalInterface
public interface DocumentConsumer {
  /** The next piece of the present document. */
  void text(String piece);

  /** The present document has no more text; what follows is another one. */
  default void endDocument() {}
}
