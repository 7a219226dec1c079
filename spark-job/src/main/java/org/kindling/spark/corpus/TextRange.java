package org.kindling.spark.corpus;

import java.io.Serializable;
import java.util.List;

/**
 * A stretch of a file that one task reads: from the first place at or after {@code start} where the
 * text may be cut, to the first such place at or after {@code end}.
 *
 * <p>Ranges that meet cover each byte of a file exactly once. A range without such a place, as in
 * the midst of a long word, has no text. {@link RangeReader} says what such places are in plain
 * text; other {@link DocumentReader}s never cut within a document.
 *
 * @param path the file, with its file system
 * @param start the first byte of the range
 * @param end the byte after the last; {@link Long#MAX_VALUE} for a compressed file, which is one
 *     range
 * @param fileLength the file's bytes as they are stored
 * @param compressed whether Hadoop has a codec for the file's name; offsets in the text then count
 *     decompressed bytes
 * @param hosts the machines that keep these bytes; empty where the file system does not say
 */
public record TextRange(
    String path, long start, long end, long fileLength, boolean compressed, List<String> hosts)
    implements Serializable {

  public TextRange {
    hosts = List.copyOf(hosts);
  }

  /** Whether the file ends with this range. */
  public boolean endsFile() {
    return end >= fileLength;
  }

  /** How many stored bytes a task reads for this range, give or take a line. */
  long storedBytes() {
    return compressed ? fileLength : end - start;
  }
}
