package org.kindling.spark.tokenizing;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.LocatedTasks;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.corpus.TextRange;
import org.kindling.spark.files.FileSystems;
import org.kindling.spark.session.HadoopConfiguration;
import org.kindling.spark.session.JobDescription;

/**
 * Encodes files by one Spark job into a folder of parts: {@code part-00000}, {@code part-00001} and
 * so on, each what one task read.
 *
 * <p>Parts hold lines of ids, one for each document, in the order of files; a document that several
 * tasks read goes on from one part to the next. All parts, one after the other, are what {@link
 * Encoding} would have written without Spark.
 */
public final class EncodedParts {
  /** What such a folder may hold. */
  public static final String NAME = "part-\\d{5,}";

  private EncodedParts() {}

  /**
   * Writes the parts.
   *
   * @param folder of any Hadoop file system; empty or absent
   * @return all parts' size together
   * @throws InputException (as a cause of Spark's exception) if a file cannot be read or encoded
   */
  public static Encoding.Size write(
      JavaSparkContext spark, TextFiles files, Encoding encoding, String folder) {
    Broadcast<Encoding> published = spark.broadcast(encoding);
    try (HadoopConfiguration configuration = HadoopConfiguration.publish(spark)) {
      JavaRDD<Encoding.Size> sizes =
          LocatedTasks.ranges(spark, files.ranges())
              .mapPartitionsWithIndex(
                  (part, ranges) ->
                      List.of(write(part, ranges, published.value(), configuration.value(), folder))
                          .iterator(),
                  true);
      return JobDescription.describe(
          spark, "encode", () -> sizes.fold(new Encoding.Size(0, 0), Encoding.Size::plus));
    } finally {
      published.destroy(true);
    }
  }

  /** An attempt writes under a name of its own, since Spark may start a second one. */
  private static Encoding.Size write(
      int part,
      Iterator<TextRange> ranges,
      Encoding encoding,
      Configuration configuration,
      String folder)
      throws IOException {
    List<TextRange> all = new ArrayList<>();
    ranges.forEachRemaining(all::add);
    Path done = new Path(folder, String.format(Locale.ROOT, "part-%05d", part));
    Path aside = new Path(folder, "_" + done.getName() + "-" + TaskContext.get().taskAttemptId());
    FileSystem files = FileSystems.plain(aside, configuration);
    Encoding.Size size;
    try (OutputStream out = new BufferedOutputStream(files.create(aside, true), 1 << 16)) {
      size = encoding.encode(all, configuration, out);
    } catch (IOException | RuntimeException e) {
      files.delete(aside, false);
      throw e;
    }
    // All attempts write the same. The first stays: who removed it for his own might end too early.
    boolean isFirst = !files.exists(done) && files.rename(aside, done);
    if (!isFirst) {
      if (!files.exists(done)) {
        throw new InputException("cannot write %s: the rename failed".formatted(done));
      }
      files.delete(aside, false);
    }
    return size;
  }
}
