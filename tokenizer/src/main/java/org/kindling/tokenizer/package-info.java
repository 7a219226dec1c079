/**
 * Text to token ids and back, and the tokenizer's file.
 *
 * <p>Nothing here knows of models or of Spark; everything may be called from any thread and sent to
 * any executor. Files are in the Hugging Face {@code tokenizer.json} format, so other tools read
 * them.
 */
package org.kindling.tokenizer;
