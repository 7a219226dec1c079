package org.kindling.spark.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet files of a number and a text a row, with row groups as small as a test wants them. */
public final class Tables {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message table { required int32 id; optional binary body (STRING); optional binary raw; }");

  private Tables() {}

  /** Writes a table; a text that is null is a null in its row. */
  public static Path write(Path file, long groupBytes, List<String> texts) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withConf(new Configuration())
            .withType(SCHEMA)
            .withRowGroupSize(groupBytes)
            .withMinRowCountForPageSizeCheck(1)
            .withMaxRowCountForPageSizeCheck(1)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build()) {
      for (int i = 0; i < texts.size(); i++) {
        Group row = new SimpleGroup(SCHEMA);
        row.add("id", i);
        if (texts.get(i) != null) {
          row.add("body", texts.get(i));
        }
        writer.write(row);
      }
    }
    return file;
  }

  /** The rows of any table's file, as text. */
  public static List<String> read(Path file) throws IOException {
    List<String> rows = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
            .build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.add(row.toString());
      }
    }
    return rows;
  }
}
