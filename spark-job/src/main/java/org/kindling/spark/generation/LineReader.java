package org.kindling.spark.generation;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapred.FileSplit;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapred.LineRecordReader;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.CompressedText;
import org.kindling.spark.corpus.TextRange;

/**
 * The lines that begin in a range of a file, as Hadoop cuts them: each line of a file is in one of
 * its ranges, and ends with {@code \n}, {@code \r\n} or {@code \r}, which is left out. Reads on as
 * lines are asked for.
 */
final class LineReader implements Iterator<byte[]>, AutoCloseable {
  private final TextRange range;
  private final LineRecordReader reader;
  private final LongWritable offset = new LongWritable();
  private final Text line = new Text();
  private boolean isRead;
  private boolean isThere;

  /**
   * @throws InputException if the file cannot be read
   */
  LineReader(TextRange range, Configuration configuration) {
    this.range = range;
    long end = Math.min(range.end(), range.fileLength()); // a compressed file is one range
    Path path = new Path(range.path());
    FileSplit split = new FileSplit(path, range.start(), end - range.start(), (String[]) null);
    JobConf job = new JobConf(configuration);
    try {
      Optional<InputStream> zstandard = CompressedText.zstandard(path, configuration);
      this.reader =
          zstandard.isPresent()
              ? new LineRecordReader(zstandard.get(), 0, Long.MAX_VALUE, job)
              : new LineRecordReader(job, split);
    } catch (IOException | RuntimeException e) { // as where a codec's native library is missing
      throw failed(e);
    }
  }

  @Override
  public boolean hasNext() {
    if (!isRead) {
      try {
        isThere = reader.next(offset, line);
      } catch (IOException | RuntimeException e) { // a codec's, of a damaged file
        throw failed(e);
      }
      isRead = true;
    }
    return isThere;
  }

  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    isRead = false;
    return line.copyBytes();
  }

  private InputException failed(Exception cause) {
    return new InputException("cannot read " + range.path() + ": " + cause.getMessage(), cause);
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
