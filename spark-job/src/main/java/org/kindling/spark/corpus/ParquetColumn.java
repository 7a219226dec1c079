package org.kindling.spark.corpus;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.kindling.spark.InputException;
import org.kindling.spark.settings.NearestName;
import org.kindling.tokenizer.SafeCut;
import org.kindling.tokenizer.TokenizerException;

/**
 * Parquet files whose text is in a column of strings. A row is a document; rows whose text is empty
 * are left out. A range has the row groups whose middle lies in it, as everywhere in Hadoop.
 *
 * @param column the name of the column, at the top of the schema
 */
public record ParquetColumn(String column, Nulls nulls) implements DocumentReader {

  /** Row groups are often larger, and each range reads the file's list of them. */
  private static final long RANGE_BYTES = 32L << 20;

  @Override
  public long rangeBytes() {
    return RANGE_BYTES;
  }

  /** Parquet compresses within the file. */
  @Override
  public boolean readsThroughCodecs() {
    return false;
  }

  @Override
  public void read(
      TextRange range,
      Configuration configuration,
      SafeCut cuts,
      Optional<TextDigest> digest,
      DocumentConsumer consumer) {
    Path path = new Path(range.path());
    ParquetReadOptions options =
        HadoopReadOptions.builder(configuration, path)
            .withRange(range.start(), range.end())
            .build();
    try (ParquetFileReader file =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, configuration), options)) {
      MessageType schema = file.getFileMetaData().getSchema();
      StringRows rows =
          new StringRows(
              new MessageType(schema.getName(), columnOf(schema, range.path())),
              file.getFileMetaData().getCreatedBy());
      file.setRequestedSchema(rows.schema());
      for (PageReadStore group; (group = file.readNextRowGroup()) != null; ) {
        long first = group.getRowIndexOffset().orElse(0L);
        rows.read(
            group,
            (row, utf8) -> {
              Supplier<String> place = () -> "%s, row %d".formatted(range.path(), first + row + 1);
              textOf(utf8, place).ifPresent(text -> give(text, utf8, place, digest, consumer));
            });
      }
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // Parquet throws both at files that are none
      throw new InputException(
          "%s cannot be read as Parquet: %s".formatted(range.path(), firstLine(e)), e);
    }
  }

  /** A row's text; nothing for an empty one. */
  private Optional<String> textOf(byte[] utf8, Supplier<String> place) {
    if (utf8 == null && nulls == Nulls.REFUSED) {
      throw new InputException(
          "%s: column \"%s\" is null, not text".formatted(place.get(), column));
    }
    if (utf8 == null || utf8.length == 0) {
      return Optional.empty();
    }
    Optional<String> text = UnicodeText.ofUtf8(utf8);
    if (text.isEmpty()) {
      throw new InputException(
          "%s: column \"%s\" is not UTF-8 text".formatted(place.get(), column));
    }
    return text;
  }

  private static void give(
      String text,
      byte[] utf8,
      Supplier<String> place,
      Optional<TextDigest> digest,
      DocumentConsumer consumer) {
    digest.ifPresent(sum -> sum.document(utf8));
    try {
      consumer.text(text);
    } catch (TokenizerException e) {
      throw new InputException("%s: %s".formatted(place.get(), e.getMessage()), e);
    }
    consumer.endDocument();
  }

  private Type columnOf(MessageType schema, String path) {
    if (!schema.containsField(column)) {
      throw new InputException(
          "%s has no column \"%s\"; did you mean %s? It has %s"
              .formatted(
                  path,
                  column,
                  NearestName.to(column, texts(schema).isEmpty() ? all(schema) : texts(schema)),
                  String.join(", ", all(schema))));
    }
    Type found = schema.getType(column);
    if (!isText(found)) {
      throw new InputException(
          "%s has column \"%s\" as %s; its columns of strings are %s"
              .formatted(
                  path,
                  column,
                  found.toString().lines().findFirst().orElse("").strip(),
                  texts(schema).isEmpty() ? "none" : String.join(", ", texts(schema))));
    }
    return found;
  }

  private static List<String> all(MessageType schema) {
    return schema.getFields().stream().map(Type::getName).toList();
  }

  private static List<String> texts(MessageType schema) {
    return schema.getFields().stream().filter(ParquetColumn::isText).map(Type::getName).toList();
  }

  /** What Spark, too, reads as a string. */
  private static boolean isText(Type type) {
    LogicalTypeAnnotation kind = type.getLogicalTypeAnnotation();
    return type.isPrimitive()
        && !type.isRepetition(Type.Repetition.REPEATED)
        && (kind instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
            || kind instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation
            || kind instanceof LogicalTypeAnnotation.JsonLogicalTypeAnnotation);
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
