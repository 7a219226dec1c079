package org.kindling.spark.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.kindling.spark.files.WholeFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line of a file that holds a JSON object a line. */
final class JsonLine {
  private static final Logger LOG = LoggerFactory.getLogger(JsonLine.class);

  private JsonLine() {}

  /**
   * Empty, with a warning, for a line that a dying process wrote half, or that somebody damaged.
   */
  static <T> Optional<T> parse(JsonMapper json, Class<T> type, Path file, String line) {
    Optional<T> value;
    try {
      value = Optional.ofNullable(json.readValue(line, type)); // null for the line "null"
    } catch (JsonProcessingException e) {
      LOG.debug("{}", e.getMessage());
      value = Optional.empty();
    }
    if (value.isEmpty()) {
      LOG.warn("{}: left out a damaged line: {}", WholeFiles.show(file), line);
    }
    return value;
  }
}
