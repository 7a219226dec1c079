/**
 * Text models at work: many sequences continued at once, each position computed once and its keys
 * and values kept. {@link org.kindling.model.decoding.Generation} runs requests through the slots
 * of a {@link org.kindling.model.decoding.Decoder}; ids go in and come out. Knows no text, no Spark
 * and no gradients.
 */
package org.kindling.model.decoding;
