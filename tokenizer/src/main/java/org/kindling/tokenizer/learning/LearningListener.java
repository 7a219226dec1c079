package org.kindling.tokenizer.learning;

/** Hears how far the learning of merges is, for a progress bar. */
@FunctionalInterface
public interface LearningListener {

  /**
   * Called every few hundred merges, and at the end.
   *
   * @param done merges learned
   * @param of merges wanted; fewer are learned if pairs run out
   */
  void merged(int done, int of);
}
