package org.kindling.spark.generation;

import java.io.IOException;
import java.net.URI;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.kindling.spark.InputException;
import org.kindling.spark.corpus.TextFiles;
import org.kindling.spark.files.WholeFiles;
import org.kindling.spark.session.JobDescription;

/**
 * Parquet to Parquet. Spark reads files and row groups in an order of its own; so rows are numbered
 * by file and place, and a shuffle gives each task its neighbours in their order.
 */
final class ParquetJob implements RowJob {
  /** Columns that are the job's own, and not in the output. */
  private static final String FILE = "_kindling_file";

  private static final String ROW = "_kindling_row";

  private final JavaSparkContext spark;
  private final BatchGenerator generator;
  private final Dataset<Row> table;
  private final TableFormat format;
  private final HashMap<String, Long> firstRows = new HashMap<>();
  private final long rows;

  ParquetJob(JavaSparkContext spark, String input, BatchGenerator generator) {
    this.spark = spark;
    this.generator = generator;
    this.table = read(spark, input);
    this.format = TableFormat.of(table.schema(), generator.settings().promptField());
    long before = 0;
    for (Row file : counts(input)) {
      firstRows.put(file.getString(0), before);
      before += file.getLong(1);
    }
    this.rows = before;
    if (generator.settings().onError() == BatchSettings.OnError.FAIL) {
      refuseBadRow();
    }
  }

  /** The table, and of each row the file and the place in it. */
  private static Dataset<Row> read(JavaSparkContext spark, String input) {
    SparkSession session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
    // Dates and times as java.time has them, which keeps every one of them as it is.
    session.conf().set("spark.sql.datetime.java8API.enabled", "true");
    boolean hasPartitions = hasPartitions(input, spark.hadoopConfiguration());
    return reading(
        input,
        () -> {
          Dataset<Row> table =
              session
                  .read()
                  .option("recursiveFileLookup", !hasPartitions)
                  .option("mergeSchema", true)
                  .parquet(
                      TextFiles.parts(input, spark.hadoopConfiguration()).toArray(String[]::new));
          Column place = table.metadataColumn("_metadata");
          return table
              .withColumn(FILE, place.getField("file_path"))
              .withColumn(ROW, place.getField("row_index"));
        });
  }

  /** Whether folders such as {@code lang=en} stand between what the input names and its files. */
  private static boolean hasPartitions(String input, Configuration hadoop) {
    List<String> roots =
        TextFiles.parts(input, hadoop).stream().map(part -> root(part, hadoop)).toList();
    return TextFiles.paths(input, hadoop).stream()
        .anyMatch(
            path ->
                roots.stream()
                    .filter(root -> path.startsWith(root + "/"))
                    .anyMatch(root -> path.substring(root.length()).matches(".*/[^/]+=[^/]*/.*")));
  }

  /** The folders that a part of the input names before its first wildcard. */
  private static String root(String part, Configuration hadoop) {
    try {
      Path path = new Path(part);
      String qualified = WholeFiles.of(path, hadoop).qualify(path).toString();
      return qualified.replaceFirst("/[^/]*[*?{\\[].*", "");
    } catch (IOException e) {
      throw new InputException("cannot read %s: %s".formatted(part, e.getMessage()), e);
    }
  }

  /** Files by their paths, and how many rows each has. */
  private List<Row> counts(String input) {
    List<Row> counts =
        JobDescription.describe(
            spark,
            "count rows",
            () -> reading(input, () -> table.groupBy(FILE).count().collectAsList()));
    return counts.stream().sorted(Comparator.comparing(row -> path(row.getString(0)))).toList();
  }

  /** Spark gives the paths of files as URIs. */
  private static String path(String uri) {
    return new Path(URI.create(uri)).toString();
  }

  private static <R> R reading(String input, Supplier<R> action) {
    try {
      return action.get();
    } catch (Exception e) { // Scala's checked exceptions are not declared
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      throw new InputException(
          "cannot read %s as Parquet: %s"
              .formatted(input, String.valueOf(root.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public void write(String folder, int tasks) {
    Broadcast<HashMap<String, Long>> first = spark.broadcast(firstRows);
    try {
      long all = Math.max(1, rows);
      UDF2<String, Long, Long> number = (file, row) -> first.value().get(file) + row;
      UDF1<Long, Integer> task = row -> Rows.taskOf(row, tasks, all);
      Column row = functions.col(ROW);
      Dataset<Row> ordered =
          table
              .withColumn(
                  ROW, functions.udf(number, DataTypes.LongType).apply(functions.col(FILE), row))
              .repartitionById(tasks, functions.udf(task, DataTypes.IntegerType).apply(row))
              .sortWithinPartitions(ROW)
              .drop(FILE, ROW);
      JobDescription.describe(
          spark,
          "generate",
          () -> {
            generator.transform(ordered).write().parquet(folder);
            return null;
          });
    } finally {
      first.destroy(true);
    }
  }

  /** Finds the first bad row before anything is generated. */
  private void refuseBadRow() {
    TableFormat format = this.format; // a copy, since a task cannot take this object with it
    Broadcast<PublishedModel> model = generator.published();
    BatchSettings settings = generator.settings();
    MapPartitionsFunction<Row, Row> first = all -> firstBad(all, format, settings, model);
    List<Row> found =
        JobDescription.describe(
            spark,
            "check rows",
            () -> table.mapPartitions(first, Encoders.row(BadRow.SCHEMA)).collectAsList());
    found.stream()
        .map(BadRow::of)
        .sorted()
        .findFirst()
        .ifPresent(
            bad -> {
              throw new InputException(
                  "%s, row %d: %s".formatted(path(bad.file()), bad.row() + 1, bad.error()));
            });
  }

  /** A row that cannot be continued, by its file and its place in it from 0. */
  private record BadRow(String file, long row, String error) implements Comparable<BadRow> {
    private static final StructType SCHEMA =
        new StructType().add("file", "string").add("row", "long").add("error", "string");

    static BadRow of(Row row) {
      return new BadRow(row.getString(0), row.getLong(1), row.getString(2));
    }

    Row toRow() {
      return RowFactory.create(file, row, error);
    }

    @Override
    public int compareTo(BadRow other) {
      int byFile = path(file).compareTo(path(other.file));
      return byFile == 0 ? Long.compare(row, other.row) : byFile;
    }
  }

  private static Iterator<Row> firstBad(
      Iterator<Row> rows,
      TableFormat format,
      BatchSettings settings,
      Broadcast<PublishedModel> model) {
    PromptReader reader = new PromptReader(settings, model.value().get().tokenizer());
    BadRow first = null;
    while (rows.hasNext()) {
      Row row = rows.next();
      try {
        reader.read(format.fields(row));
      } catch (RowException e) {
        int at = row.fieldIndex(FILE);
        BadRow bad = new BadRow(row.getString(at), row.getLong(row.fieldIndex(ROW)), e.describe());
        first = first == null || bad.compareTo(first) < 0 ? bad : first;
      }
    }
    return first == null ? List.<Row>of().iterator() : List.of(first.toRow()).iterator();
  }
}
