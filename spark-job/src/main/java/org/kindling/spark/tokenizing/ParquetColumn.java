package org.kindling.spark.tokenizing;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.HadoopConfiguration;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.corpus.TextRange;
import org.kindling.tokenizer.PreTokenCounts;
import org.kindling.tokenizer.PreTokenPattern;

/**
 * Parquet files whose text is in a column of strings; a {@code null} is a document without text.
 *
 * @param column the name of the column, at the top of the schema
 */
public record ParquetColumn(TextFiles files, String column) implements LearningText {

  @Override
  public String input() {
    return files.input();
  }

  /**
   * {@inheritDoc}
   *
   * @throws InputException if the files are not Parquet, lack the column, or have it with another
   *     type than string; the message names those that they have
   */
  @Override
  public JavaRDD<PreTokenCounts> counts(
      JavaSparkContext spark, HadoopConfiguration configuration, PreTokenPattern pattern) {
    Dataset<Row> table = open(spark);
    requireStrings(table.schema().fields());
    return table
        .select(table.col("`" + column.replace("`", "``") + "`"))
        .javaRDD()
        .mapPartitions(
            LearningText.counting(
                pattern,
                (row, text) -> {
                  if (!row.isNullAt(0)) {
                    text.accept(row.getString(0));
                  }
                }));
  }

  private Dataset<Row> open(JavaSparkContext spark) {
    String[] paths = files.ranges().stream().map(TextRange::path).distinct().toArray(String[]::new);
    try {
      return SparkSession.builder().sparkContext(spark.sc()).getOrCreate().read().parquet(paths);
    } catch (Exception e) { // Scala's checked exceptions are not declared
      throw new InputException(
          "%s cannot be read as Parquet: %s".formatted(input(), firstLine(rootOf(e))), e);
    }
  }

  private void requireStrings(StructField[] fields) {
    StructField found =
        Arrays.stream(fields).filter(f -> f.name().equals(column)).findFirst().orElse(null);
    if (found == null) {
      throw new InputException(
          "--column %s: %s has no such column; it has %s"
              .formatted(column, input(), names(fields, field -> true)));
    }
    if (!found.dataType().equals(DataTypes.StringType)) {
      throw new InputException(
          "--column %s: %s has it as %s; its columns of strings are %s"
              .formatted(
                  column,
                  input(),
                  found.dataType().simpleString(),
                  names(fields, field -> field.dataType().equals(DataTypes.StringType))));
    }
  }

  private static String names(StructField[] fields, Predicate<StructField> which) {
    String names =
        Arrays.stream(fields)
            .filter(which)
            .map(StructField::name)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
