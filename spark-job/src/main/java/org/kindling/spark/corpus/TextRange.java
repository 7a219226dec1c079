package org.kindling.spark.corpus;

import java.io.Serializable;
import java.util.List;

/**
 * A stretch of a text file that one task reads: the lines that begin at bytes {@code start} to
 * {@code end - 1}.
 *
 * <p>The last of these lines is read to its end, past {@code end}; so ranges that meet cover each
 * byte of a file exactly once. A range that lies within one long line has no text.
 *
 * @param path the file, with its file system
 * @param document the number of the file in the corpus, from 0; one file is one document
 * @param start the first byte of the range
 * @param end the byte after the last; {@link Long#MAX_VALUE} for a compressed file, which is one
 *     range
 * @param fileLength the file's bytes as they are stored
 * @param compressed whether Hadoop has a codec for the file's name; offsets in the text then count
 *     decompressed bytes
 * @param hosts the machines that keep these bytes; empty where the file system does not say
 */
public record TextRange(
    String path,
    int document,
    long start,
    long end,
    long fileLength,
    boolean compressed,
    List<String> hosts)
    implements Serializable {

  public TextRange {
    hosts = List.copyOf(hosts);
  }

  /** How many stored bytes a task reads for this range, give or take a line. */
  long storedBytes() {
    return compressed ? fileLength : end - start;
  }
}
