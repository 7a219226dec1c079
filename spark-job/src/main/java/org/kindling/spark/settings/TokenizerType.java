package org.kindling.spark.settings;

/** What a token of a vocabulary made for the text is. */
public enum TokenizerType {
  /** One character, a Unicode code point. */
  CHAR,
  /** A sequence of bytes that byte-pair encoding has learned from the text. */
  BPE
}
