package org.kindling.spark.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kindling.model.sampling.SamplingSettings;
import org.kindling.spark.InputException;

/** Datasets and Parquet files through a model, in local mode. */
class BatchGeneratorTest {
  private static final BatchSettings SETTINGS =
      BatchSettings.DEFAULTS.withGeneration(
          new GenerationSettings(15, SamplingSettings.at(1, 3), List.of()));

  @TempDir static Path folder;
  private static SparkSession spark;
  private static String model;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            // Which some programs have for their data; it must not matter.
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .getOrCreate();
    model = RandomModel.save(folder.resolve("run"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static List<Row> prompts(int count) {
    Random random = new Random(4);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(40); // none, and more than T
      StringBuilder prompt = new StringBuilder();
      for (int c = 0; c < length; c++) {
        prompt.append(RandomModel.ALPHABET.charAt(random.nextInt(RandomModel.ALPHABET.length())));
      }
      rows.add(RowFactory.create(i, prompt.toString(), i % 4 == 0 ? null : random.nextDouble()));
    }
    return rows;
  }

  private static Dataset<Row> table(List<Row> rows, int partitions) {
    return spark.createDataFrame(
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows, partitions),
        new StructType().add("id", "int").add("prompt", "string").add("temperature", "double"));
  }

  @Test
  void whatARowGetsDependsOnTheRowAlone() {
    List<Row> rows = prompts(60);
    List<Row> expected = null;
    for (int[] partitionsAndSlots : new int[][] {{1, 1}, {3, 32}, {8, 4}, {8, 1}}) {
      BatchSettings settings = SETTINGS.withSlots(partitionsAndSlots[1]);
      try (BatchGenerator generator = BatchGenerator.load(spark, model, settings)) {
        Dataset<Row> table = table(rows, partitionsAndSlots[0]);
        List<Row> out = generator.transform(table).collectAsList();
        expected = expected == null ? out : expected;
        assertThat(out).isEqualTo(expected);
        if (partitionsAndSlots[0] == 3) {
          assertThat(generator.transform(table.orderBy(functions.rand(1))).collectAsList())
              .isNotEqualTo(expected)
              .containsExactlyInAnyOrderElementsOf(expected);
        }
      }
    }
    assertThat(expected).extracting(row -> row.<Integer>getAs("id")).isSorted();
    assertThat(expected.stream().filter(row -> row.getAs("error") == null).count())
        .isGreaterThan(50);
  }

  @Test
  void parquetTablesKeepTheirColumnsAndTheOrderOfTheirRows() throws IOException {
    StructType schema =
        new StructType()
            .add("id", "long", false)
            .add("price", "decimal(38,18)")
            .add("day", "date")
            .add("at", "timestamp")
            .add("raw", "binary")
            .add("tags", "array<string>")
            .add("nested", "struct<a:int,b:map<string,double>>")
            .add("nothing", "string")
            .add("Prompt", "string")
            .add("seed", "int")
            .add("error", "string");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      rows.add(
          RowFactory.create(
              (long) i,
              new BigDecimal("12345678901234567890.123456789012345678"),
              LocalDate.of(1066, 10, 14),
              Instant.parse("0800-12-25T00:00:00.123456Z"),
              new byte[] {(byte) i, 0, -1},
              List.of("x", "y"),
              RowFactory.create(i, Map.of("k", 0.1)),
              null,
              i == 7 ? null : "Row " + (char) ('A' + i % 26),
              i % 2 == 0 ? i : null,
              "from before"));
    }
    Path input = folder.resolve("table");
    spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
    // Files of different sizes, which Spark reads the largest first.
    for (int[] part : new int[][] {{0, 5}, {5, 60}, {60, 90}}) {
      spark
          .createDataFrame(rows.subList(part[0], part[1]), schema)
          .coalesce(1)
          .write()
          .parquet(input + "/part=" + part[0] / 5);
    }
    Path output = folder.resolve("completed");

    TableJob.Summary summary = run(input, output, SETTINGS.withNumSamples(2).withSlots(3));

    assertThat(summary.rows()).isEqualTo(180);
    assertThat(summary.errorsByKind()).isEqualTo(Map.of("prompt", 2L));
    assertThat(summary.tokens()).isEqualTo(178 * 15);
    assertThat(output.resolve("_SUCCESS")).exists();
    List<Row> out = inOrder(output);
    assertThat(out).hasSize(180);
    String kept = "id, price, day, at, raw, tags, nested, nothing, Prompt, part";
    assertThat(String.join(", ", out.get(0).schema().fieldNames()))
        .isEqualTo(
            kept + ", completion, finish_reason, prompt_tokens, completion_tokens, seed, error");
    for (int i = 0; i < 180; i++) {
      Row before = rows.get(i / 2);
      Row after = out.get(i);
      for (String name : List.of("id", "price", "day", "at", "tags", "nothing", "Prompt")) {
        assertThat((Object) after.getAs(name))
            .as(name)
            .isEqualTo(
                before.get(schema.fieldIndex(name)) instanceof List<?> list
                    ? scala.jdk.javaapi.CollectionConverters.asScala(list).toSeq()
                    : before.get(schema.fieldIndex(name)));
      }
      assertThat(after.<byte[]>getAs("raw")).isEqualTo((byte[]) before.get(4));
      assertThat(after.getStruct(after.fieldIndex("nested")).getJavaMap(1))
          .isEqualTo(Map.of("k", 0.1));
      if (i / 2 % 2 == 0) {
        assertThat(after.<Long>getAs("seed")).isEqualTo(i / 2 + i % 2);
      }
      assertThat(after.<String>getAs("finish_reason")).isEqualTo(i / 2 == 7 ? "error" : "length");
    }
    assertThatThrownBy(
            () ->
                run(
                    input,
                    folder.resolve("never"),
                    SETTINGS.withOnError(BatchSettings.OnError.FAIL)))
        .isInstanceOf(InputException.class)
        .hasMessageMatching(".*/part=1/part-00000.*\\.parquet, row 3: prompt: .*");
  }

  @Test
  void anEmptyTable() throws IOException {
    Path input = folder.resolve("empty");
    table(List.of(), 1).write().parquet(input.toString());
    Path output = folder.resolve("completed empty");

    assertThat(run(input, output, SETTINGS).rows()).isZero();

    assertThat(output.resolve("_SUCCESS")).exists();
    Dataset<Row> read = spark.read().parquet(output.toString());
    assertThat(read.count()).isZero();
    assertThat(read.columns()).startsWith("id", "prompt", "temperature", "completion");
  }

  /** Below a folder that is itself called like a partition, with a column that one file has. */
  @Test
  void allFilesAndColumnsOfAParquetTableAreRead() throws IOException {
    Path input = folder.resolve("lang=en");
    table(prompts(2), 1).write().parquet(input + "/a");
    table(prompts(3), 1)
        .withColumn("note", functions.lit("kept"))
        .write()
        .parquet(input + "/b/deeper");
    Path output = folder.resolve("completed columns");

    assertThat(run(input, output, SETTINGS).rows()).isEqualTo(5);

    Dataset<Row> read = spark.read().parquet(output.toString());
    assertThat(read.columns()).contains("temperature", "note", "completion");
    assertThat(read.filter("note = 'kept'").count()).isEqualTo(3);
  }

  @Test
  void tablesThatCannotBeContinuedAreRefusedAtOnce() {
    Dataset<Row> table = table(prompts(1), 1);
    try (BatchGenerator generator =
        BatchGenerator.load(spark, model, SETTINGS.withPromptField("promt"))) {
      assertThatThrownBy(() -> generator.transform(table))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "the table has no column \"promt\"; did you mean prompt?; it has id, prompt, temperature");
      assertThatThrownBy(() -> generator.transform(table.withColumnRenamed("id", "promt")))
          .hasMessage("column \"promt\" is of type int: must be text");
      assertThatThrownBy(
              () ->
                  generator.transform(
                      table
                          .withColumn("promt", functions.col("prompt"))
                          .withColumn("top-k", functions.lit("x"))))
          .hasMessage("column \"top-k\" is of type string: must be a number");
    }
    assertThatThrownBy(
            () -> BatchGenerator.load(spark, folder.resolve("none").toString(), SETTINGS))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not a run");
  }

  /** README's example is the code that runs here. */
  @Test
  void theExampleOfReadme() throws IOException {
    Path questions = folder.resolve("questions");
    table(prompts(10), 1)
        .withColumnRenamed("prompt", "question")
        .write()
        .parquet(questions.toString());
    Path answers = folder.resolve("answers");

    BatchGenerationExample.answer(spark, model, questions.toString(), answers.toString());

    assertThat(spark.read().parquet(answers.toString()).columns())
        .contains("question", "completion");
    Path source =
        Path.of(
            "src/test/java", BatchGenerationExample.class.getName().replace('.', '/') + ".java");
    String example = Files.readString(source).split("// example\n")[1].stripTrailing();
    assertThat(Files.readString(Path.of("../README.md"))).contains(example.stripIndent());
  }

  private static TableJob.Summary run(Path input, Path output, BatchSettings settings) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return TableJob.prepare(
            input.toString(),
            "parquet",
            output.toString(),
            "error",
            settings,
            context.hadoopConfiguration())
        .run(context, RandomModel.ofCharacters(), 2, (rows, of, tokens) -> {});
  }

  /** As whoever reads the files one after the other. */
  private static List<Row> inOrder(Path output) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (var files = Files.list(output)) {
      for (Path file :
          files
              .filter(path -> path.toString().endsWith(".parquet"))
              .sorted()
              .collect(Collectors.toList())) {
        rows.addAll(spark.read().parquet(file.toString()).collectAsList());
      }
    }
    return rows;
  }
}
