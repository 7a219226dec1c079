package org.kindling.spark.corpus;

import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/** Reads the rows of a Parquet schema that has one column, of strings. */
final class StringRows extends RecordMaterializer<byte[]> {

  /** Takes the number of a row in its group, from 0, and its bytes; null where it has none. */
  @FunctionalInterface
  interface RowConsumer {
    void accept(long row, byte[] utf8);
  }

  private final MessageType schema;
  private final MessageColumnIO columns;
  private final Row row = new Row();

  StringRows(MessageType schema, String createdBy) {
    this.schema = schema;
    this.columns = new ColumnIOFactory(createdBy).getColumnIO(schema);
  }

  MessageType schema() {
    return schema;
  }

  /** Gives all rows of a group to the consumer. */
  void read(PageReadStore group, RowConsumer consumer) {
    RecordReader<byte[]> reader = columns.getRecordReader(group, this);
    for (long i = 0; i < group.getRowCount(); i++) {
      consumer.accept(i, reader.read());
    }
  }

  @Override
  public byte[] getCurrentRecord() {
    return row.value;
  }

  @Override
  public GroupConverter getRootConverter() {
    return row;
  }

  private static final class Row extends GroupConverter {
    private byte[] value;

    private final PrimitiveConverter text =
        new PrimitiveConverter() {
          @Override
          public void addBinary(Binary binary) {
            value = binary.getBytes();
          }
        };

    @Override
    public Converter getConverter(int field) {
      return text;
    }

    @Override
    public void start() {
      value = null;
    }

    @Override
    public void end() {}
  }
}
