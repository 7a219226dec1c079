package org.kindling.spark.generation;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.output.TextOutputFormat;

/** Lines of text in files that are named as what they hold: {@code part-r-00000.jsonl}. */
public final class JsonLinesOutput extends TextOutputFormat<NullWritable, Text> {
  @Override
  public Path getDefaultWorkFile(TaskAttemptContext context, String extension) throws IOException {
    return super.getDefaultWorkFile(context, ".jsonl" + extension);
  }
}
