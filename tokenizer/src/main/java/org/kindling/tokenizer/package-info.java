/**
 * Text to token ids and back, and the tokenizer's file. Four groups:
 *
 * <ul>
 *   <li>What callers use: {@link org.kindling.tokenizer.Tokenizer}, of characters or of byte pairs.
 *   <li>Patterns, by which text is cut into pre-tokens before it is encoded: {@link
 *       org.kindling.tokenizer.PreTokenPattern}, behind it a scanner each, and {@link
 *       org.kindling.tokenizer.PreTokenCounts}, from which merges are learned in the package below.
 *   <li>Encoding with byte pairs: {@link org.kindling.tokenizer.BytePairTokenizer}, behind it
 *       {@link org.kindling.tokenizer.TextEncoder} and {@link org.kindling.tokenizer.Merger}.
 *   <li>Files of this and other libraries: {@link org.kindling.tokenizer.TokenizerFiles}.
 * </ul>
 *
 * <p>Nothing here knows of models or of Spark; everything may be called from any thread and sent to
 * any executor. Files are in the Hugging Face {@code tokenizer.json} format, so other tools read
 * them.
 */
package org.kindling.tokenizer;
