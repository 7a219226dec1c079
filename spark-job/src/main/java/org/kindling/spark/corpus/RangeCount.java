package org.kindling.spark.corpus;

import java.io.Serializable;

/**
 * What reading a range tells: the driver keeps it of the first pass, and the later ones must find
 * the same.
 *
 * @param tokens how many ids the range has, those of ends of texts included
 * @param characters how many code points
 * @param ended how many documents end in the range
 * @param lengths how many of the range's ids belong to each document that ends in it; empty where
 *     an end-of-text token joins documents to one stream, since nobody asks then
 * @param digest of the range's text
 */
record RangeCount(
    long tokens, long characters, long ended, DocumentLengths lengths, TextDigest.Value digest)
    implements Serializable {}
