package org.kindling.spark.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.files.WholeFiles;

/** {@code samples.jsonl}: what the model wrote on its way, a JSON object a line. */
final class SampleFile {
  private static final JsonMapper JSON = new JsonMapper();

  private SampleFile() {}

  /** Replaces the file; it is small. */
  static void write(WholeFiles files, Path file, List<Sample> samples) {
    try {
      StringBuilder text = new StringBuilder();
      for (Sample sample : samples) {
        text.append(JSON.writeValueAsString(sample)).append('\n');
      }
      files.writeText(file, text.toString());
    } catch (IOException e) {
      throw WholeFiles.failed("write", file, e);
    }
  }

  /** All of them; none where the file is missing, and not those of damaged lines. */
  static List<Sample> read(WholeFiles files, Path file) {
    List<Sample> samples = new ArrayList<>();
    try {
      for (String line : files.readText(file).lines().toList()) {
        JsonLine.parse(JSON, Sample.class, file, line).ifPresent(samples::add);
      }
      return samples;
    } catch (FileNotFoundException e) {
      return samples;
    } catch (IOException e) {
      throw WholeFiles.failed("read", file, e);
    }
  }
}
