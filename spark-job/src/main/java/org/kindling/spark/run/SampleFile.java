package org.kindling.spark.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code samples.jsonl}: what the model wrote on its way, a JSON object a line. */
final class SampleFile {
  private static final Logger LOG = LoggerFactory.getLogger(SampleFile.class);
  private static final JsonMapper JSON = new JsonMapper();

  private SampleFile() {}

  /** Replaces the file; it is small. */
  static void write(RunFiles files, Path file, List<Sample> samples) {
    try {
      StringBuilder text = new StringBuilder();
      for (Sample sample : samples) {
        text.append(JSON.writeValueAsString(sample)).append('\n');
      }
      files.writeText(file, text.toString());
    } catch (IOException e) {
      throw RunFiles.failed("write", file, e);
    }
  }

  /** All of them; none where the file is missing, and not those of damaged lines. */
  static List<Sample> read(RunFiles files, Path file) {
    List<Sample> samples = new ArrayList<>();
    try {
      for (String line : files.readText(file).lines().toList()) {
        try {
          samples.add(JSON.readValue(line, Sample.class));
        } catch (JsonProcessingException e) {
          LOG.warn("{}: left out a damaged line: {}", RunFiles.show(file), line);
        }
      }
      return samples;
    } catch (FileNotFoundException e) {
      return samples;
    } catch (IOException e) {
      throw RunFiles.failed("read", file, e);
    }
  }
}
