/**
 * Byte-pair merges learned from counted pre-tokens: {@link
 * org.kindling.tokenizer.learning.BytePairLearner} is the way in, and a vocabulary comes out. Works
 * on one thread, on primitive arrays that are as long as the distinct pre-tokens, not the text.
 *
 * <p>Knows vocabularies, patterns and counts; the rest of the module does not know it. The job that
 * counts pre-tokens and the command line call it.
 */
package org.kindling.tokenizer.learning;
